from importlib import import_module

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "paidup.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        import_module("paidup.invoicing.attachments")
        import_module("paidup.invoicing.reactions")

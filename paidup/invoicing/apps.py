from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "paidup.invoicing"
    label = "invoicing"

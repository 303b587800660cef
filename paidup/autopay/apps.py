from importlib import import_module

from django.apps import AppConfig


class AutopayConfig(AppConfig):
    name = "paidup.autopay"
    label = "autopay"

    def ready(self) -> None:
        import_module("paidup.autopay.reactions")
        import_module("paidup.autopay.last_look")

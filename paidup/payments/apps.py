from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "paidup.payments"
    label = "payments"

    def ready(self) -> None:
        import_module("paidup.payments.operations.receipts")

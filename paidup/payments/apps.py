from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "paidup.payments"
    label = "payments"

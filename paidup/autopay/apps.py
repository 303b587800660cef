from django.apps import AppConfig


class AutopayConfig(AppConfig):
    name = "paidup.autopay"
    label = "autopay"

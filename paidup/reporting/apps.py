from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "paidup.reporting"
    label = "reporting"

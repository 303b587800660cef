from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "paidup.intake"
    label = "intake"

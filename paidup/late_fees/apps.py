from importlib import import_module

from django.apps import AppConfig


class LateFeesConfig(AppConfig):
    name = "paidup.late_fees"
    label = "late_fees"

    def ready(self) -> None:
        import_module("paidup.late_fees.reactions")

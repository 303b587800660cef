from importlib import import_module

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "paidup.correspondence"
    label = "correspondence"

    def ready(self) -> None:
        import_module("paidup.correspondence.reactions")
        import_module("paidup.correspondence.gate")

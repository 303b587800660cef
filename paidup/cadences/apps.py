from importlib import import_module

from django.apps import AppConfig


class CadencesConfig(AppConfig):
    name = "paidup.cadences"
    label = "cadences"

    def ready(self) -> None:
        import_module("paidup.cadences.reactions")
        import_module("paidup.cadences.gate")

from importlib import import_module

from django.apps import AppConfig


class PortalAccessConfig(AppConfig):
    name = "paidup.portal_access"
    label = "portal_access"

    def ready(self) -> None:
        import_module("paidup.portal_access.reactions")
        import_module("paidup.portal_access.gate")

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "paidup.portal"
    label = "portal"

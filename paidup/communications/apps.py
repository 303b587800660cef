from django.apps import AppConfig


class CommunicationsConfig(AppConfig):
    name = "paidup.communications"
    label = "communications"

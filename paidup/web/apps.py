from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "paidup.web"
    label = "web"

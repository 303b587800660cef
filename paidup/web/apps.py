from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class WebConfig(AppConfig):
    name = "paidup.web"
    label = "web"

    def ready(self) -> None:
        from .devices.entering import on_sign_in  # noqa: PLC0415  models are there only now

        user_logged_in.connect(on_sign_in)

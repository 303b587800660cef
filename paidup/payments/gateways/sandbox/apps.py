"""The sandbox vendor's tables as a Django app."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    """The app `sandbox`; its web pages are the app `sandbox_pages`."""

    name = "paidup.payments.gateways.sandbox"
    label = "sandbox"

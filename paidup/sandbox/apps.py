"""The sandbox vendor's web pages as a Django app."""

from django.apps import AppConfig


class SandboxPagesConfig(AppConfig):
    """The app `sandbox_pages`, without tables: those are the app `sandbox`."""

    name = "paidup.sandbox"
    label = "sandbox_pages"

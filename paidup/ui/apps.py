"""Django's entry for the look."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Holds templates, static files and template tags; no tables."""

    name = "paidup.ui"
    label = "ui"

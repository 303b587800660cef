from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "paidup.history"
    label = "history"

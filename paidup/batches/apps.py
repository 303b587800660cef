from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "paidup.batches"
    label = "batches"

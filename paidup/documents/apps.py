from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "paidup.documents"
    label = "documents"

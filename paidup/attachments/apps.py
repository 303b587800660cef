from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "paidup.attachments"
    label = "attachments"

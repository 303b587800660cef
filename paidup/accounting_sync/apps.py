from django.apps import AppConfig


class AccountingSyncConfig(AppConfig):
    name = "paidup.accounting_sync"
    label = "accounting_sync"

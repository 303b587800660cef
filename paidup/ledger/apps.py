from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "paidup.ledger"
    label = "ledger"

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "paidup.customers"
    label = "customers"

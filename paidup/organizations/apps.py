from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "paidup.organizations"
    label = "organizations"

from django.apps import AppConfig

from paidup.lib import jobs


class OrganizationsConfig(AppConfig):
    name = "paidup.organizations"
    label = "organizations"

    def ready(self) -> None:
        from .queries import language_of  # noqa: PLC0415  models are there only now

        jobs.speak(language_of)

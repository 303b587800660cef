"""Which gateways this installation offers."""

import os

from django.conf import settings
from django.utils.translation import gettext as _

from paidup.payments.gateways.interface import Gateway
from paidup.payments.gateways.sandbox.gateway import Sandbox

GATEWAY = Sandbox.name  # by which payers' details are taken


class NotOffered(LookupError):
    """There is no such gateway, or this installation does not offer it."""


def gateway(name: str) -> Gateway:
    """The gateway of this name. Raises NotOffered."""
    if name == Sandbox.name and sandbox_is_offered():
        return Sandbox()
    raise NotOffered(_("The gateway “%s” is not offered here.") % name)


def is_offered(name: str) -> bool:
    """Whether the gateway of this name can be used here."""
    try:
        gateway(name)
    except NotOffered:
        return False
    return True


def sandbox_is_offered() -> bool:
    """True in the demo and in tests; elsewhere only where PAIDUP_SANDBOX=1 asks for it.

    Its payments are not real, so nobody may come upon it where real invoices are paid.
    """
    return settings.DEMO or settings.TESTING or os.environ.get("PAIDUP_SANDBOX") == "1"

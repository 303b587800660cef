"""What belongs together of all that happens, and who may read of it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paidup.organizations.states import Module


class Group(StrEnum):
    """What the timeline can be narrowed to."""

    NOTES = "notes"
    EMAILS = "emails"
    TODOS = "todos"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    CHANGES = "changes"


GROUPS: dict[Group, str | Promise] = {
    Group.EMAILS: _("E-mails out"),
    Group.NOTES: _("Notes"),
    Group.TODOS: _("Tasks"),
    Group.PAYMENTS: _("Payments"),
    Group.INVOICES: _("Invoices"),
    Group.CHANGES: _("System changes"),
}


# Whose role has nothing of the module doesn't read of it on a timeline either.
MODULES: dict[Group, Module] = {
    Group.NOTES: Module.CUSTOMERS,
    Group.EMAILS: Module.COMMUNICATIONS,
    Group.TODOS: Module.TODOS,
    Group.INVOICES: Module.INVOICES,
    Group.PAYMENTS: Module.PAYMENTS,
    Group.CHANGES: Module.CUSTOMERS,
}


@dataclass(frozen=True)
class Sentence:
    """How an event of a kind is told."""

    group: Group
    icon: str
    words: str | Promise
    tone: str = ""

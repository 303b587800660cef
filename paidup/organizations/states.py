"""Roles with their levels, how far automation may go, and what invoices are paid with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """How much a role may do in a module."""

    NONE = 0, _("None")
    VIEW = 1, _("View")
    EDIT = 2, _("Edit")


class Module(models.TextChoices):
    """A part of the pages for which a role has a level; also the name of its column."""

    CUSTOMERS = "customers", _("Customers")
    CONTACTS = "contacts", _("Billing Contacts")
    INVOICES = "invoices", _("Invoices")
    PAYMENTS = "payments", _("Payments")
    COMMUNICATIONS = "communications", _("Communication")
    CADENCES = "cadences", _("Cadences")
    TODOS = "todos", _("To-Do")
    REPORTS = "reports", _("Reports")
    ACCOUNT = "account", _("Account")


# A module's pages show these modules' rows, so that nobody reads it without them.
RESTS_ON: dict[Module, Module] = {
    Module.CONTACTS: Module.CUSTOMERS,
    Module.INVOICES: Module.CUSTOMERS,
    Module.PAYMENTS: Module.INVOICES,
    Module.COMMUNICATIONS: Module.CUSTOMERS,
    Module.CADENCES: Module.CUSTOMERS,
    Module.TODOS: Module.CUSTOMERS,
}


class LimitedAction(models.TextChoices):
    """What a role may grant up to an amount; beyond, somebody else has to approve it."""

    CREDIT = "credit", _("Credit")
    REFUND = "refund", _("Refund")


class ReadyRole(models.TextChoices):
    """The roles that every organization has, and nobody changes."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    AR_MANAGER = "ar_manager", _("AR Manager")
    AR_SPECIALIST = "ar_specialist", _("AR Specialist")
    VIEWER = "viewer", _("Viewer")

    @property
    def levels(self) -> dict[Module, Level]:
        """What it may do."""
        everything = dict.fromkeys(Module, Level.EDIT)
        match self:
            case ReadyRole.AR_MANAGER:
                return everything | {Module.ACCOUNT: Level.VIEW}
            case ReadyRole.AR_SPECIALIST:
                views = (Module.CADENCES, Module.REPORTS, Module.ACCOUNT)
                return everything | dict.fromkeys(views, Level.VIEW)
            case ReadyRole.VIEWER:
                return dict.fromkeys(Module, Level.VIEW)
        return everything


class SendingMode(models.TextChoices):
    """Whether automatic messages wait for a person. New organizations start in approve-first."""

    APPROVE_FIRST = "approve_first", _("Approve first")
    AUTOMATIC = "automatic", _("Automatic")


class FieldSubject(models.TextChoices):
    """What an organization may keep fields of its own about; also the column of their values."""

    CUSTOMER = "customer", _("Customers")
    INVOICE = "invoice", _("Invoices")
    MEMBER = "member", _("Employees")


class FieldKind(models.TextChoices):
    """What a custom field holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    YES_NO = "yes_no", _("Yes or no")


class PaymentKind(models.TextChoices):
    """What money comes by."""

    CARD = "card", _("Card")
    BANK_DEBIT = "bank_debit", _("Bank debit")
    CHECK = "check", _("Check")
    WIRE = "wire", _("Wire")
    CASH = "cash", _("Cash")
    OTHER = "other", _("Other")


# Which of them a customer may be allowed to pay with, and those of them that are paid online.
OFFERED = (PaymentKind.CARD, PaymentKind.BANK_DEBIT, PaymentKind.CHECK, PaymentKind.WIRE)
ONLINE = (PaymentKind.CARD, PaymentKind.BANK_DEBIT)


def every_kind() -> list[str]:
    """All that may be offered, as what begins allows."""
    return list(OFFERED)

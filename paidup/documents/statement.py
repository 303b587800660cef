"""A statement of account as a PDF: what is open, how old it is, and what it adds up to."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from .figures import Figures
from .parties import Issuer, Recipient, party, web_address
from .typesetting import Manuscript, manuscript, typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementItem:
    """An open item: an invoice, or a payment or credit that isn't applied.

    `balance` is what is left of `amount`; both are below zero for money in the customer's favour.
    `remark` says what a reader must know of it, such as that it is disputed or being processed.
    """

    number: str
    issued_on: date
    amount: Decimal
    balance: Decimal
    due_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementGroup:
    """Items that belong together under a title, such as one customer's, and their balance."""

    title: str
    items: tuple[StatementItem, ...]
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Aging:
    """The receivable by days past due, and the unapplied money, below zero, that lessens it."""

    current: Decimal = Decimal(0)
    days_1_30: Decimal = Decimal(0)
    days_31_60: Decimal = Decimal(0)
    days_61_90: Decimal = Decimal(0)
    over_90: Decimal = Decimal(0)
    unapplied: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDocument:
    """All that a statement says. Amounts are in `currency` and drawn as given, none is computed.

    With `from_on` it brings a balance forward: its items are what changed it since, `amount` what
    moved and `balance` what was owed then, beginning with `opening`. `disputed` and `processing`
    are parts of the total. `created_at` is the moment the PDF bears. Raises BadDocument for a
    payment link that is no web address.
    """

    issuer: Issuer
    customer: Recipient
    as_of: date
    currency: str
    groups: tuple[StatementGroup, ...]
    aging: Aging
    total: Decimal
    created_at: datetime
    from_on: date | None = None
    opening: Decimal = Decimal(0)
    disputed: Decimal = Decimal(0)
    processing: Decimal = Decimal(0)
    notes: str = ""
    payment_link: str = ""
    language: str = "en"

    def __post_init__(self) -> None:
        web_address(self.payment_link)


def render_statement(statement: StatementDocument) -> bytes:
    """The statement as a PDF, the same bytes for the same statement. Raises BadDocument."""
    return typeset(compose_statement(statement))


def compose_statement(statement: StatementDocument) -> Manuscript:
    """The statement as typst takes it, written in its language."""
    figures = Figures.of(statement.language, statement.currency)
    with override(statement.language):
        title = _("Statement of %(day)s for %(customer)s from %(issuer)s") % {
            "day": figures.day(statement.as_of),
            "customer": statement.customer.name,
            "issuer": statement.issuer.name,
        }
        text = {
            **_head(statement, figures),
            "aging": _aging(statement.aging, figures),
            "head": _columns(statement),
            "groups": _groups(statement, figures),
            "total": [_("Total"), figures.money(statement.total)],
            "of_which": _of_which(statement, figures),
            "notes": [_("Notes"), statement.notes],
        }
    return manuscript(
        "statement.typ",
        title=title,
        issuer=statement.issuer,
        language=statement.language,
        created_at=statement.created_at,
        link=statement.payment_link if statement.total > 0 else "",
        text=text,
    )


def _head(statement: StatementDocument, figures: Figures) -> dict[str, Any]:
    issuer, customer = statement.issuer, statement.customer
    headline = _headline(statement, figures)
    facts = [
        (_("From"), figures.day(statement.from_on) if statement.from_on else ""),
        (_("Statement date"), figures.day(statement.as_of)),
        (_("Account number"), customer.account_number),
        (_("Currency"), statement.currency),
    ]
    return {
        "kind": _("Statement"),
        "facts": [fact for fact in facts if fact[1]],
        "from": _("From"),
        "issuer": party(issuer),
        "to": _("To"),
        "customer": party(customer),
        "headline": headline,
        "pay": _("Pay online"),
        "stamp": "",
        "footer": [customer.name, headline],
    }


def _headline(statement: StatementDocument, figures: Figures) -> str:
    said = {"amount": figures.money(abs(statement.total)), "day": figures.day(statement.as_of)}
    if statement.total < 0:
        return _("%(amount)s in credit on %(day)s") % said
    return _("%(amount)s open on %(day)s") % said


def _aging(aging: Aging, figures: Figures) -> list[tuple[str, str]]:
    buckets = [
        (_("Current"), aging.current),
        (_("1–30 days"), aging.days_1_30),
        (_("31–60 days"), aging.days_31_60),
        (_("61–90 days"), aging.days_61_90),
        (_("Over 90 days"), aging.over_90),
        (_("Unapplied"), aging.unapplied),
    ]
    return [(label, figures.plain(amount)) for label, amount in buckets]


def _columns(statement: StatementDocument) -> list[str]:
    currency = {"currency": statement.currency}
    if statement.from_on:
        balance = _("Balance (%(currency)s)") % currency
        return [_("What"), _("Date"), _("Due"), _("Amount"), balance]
    return [
        _("Number"),
        _("Issued"),
        _("Due"),
        _("Days late"),
        _("Amount"),
        _("Open (%(currency)s)") % currency,
    ]


def _groups(statement: StatementDocument, figures: Figures) -> list[dict[str, Any]]:
    if not statement.from_on:
        return [_group(group, statement, figures) for group in statement.groups]
    opening = {
        "number": _("Balance forward"),
        "remark": "",
        "cells": [figures.short_day(statement.from_on), "", "", figures.plain(statement.opening)],
    }
    return [
        {
            "title": group.title,
            "items": [opening, *[_moved(item, figures) for item in group.items]],
            "balance": figures.plain(group.balance),
        }
        for group in statement.groups
    ]


def _moved(item: StatementItem, figures: Figures) -> dict[str, Any]:
    return {
        "number": item.number,
        "remark": item.remark,
        "cells": [
            figures.short_day(item.issued_on),
            figures.short_day(item.due_on) if item.due_on else "",
            figures.plain(item.amount),
            figures.plain(item.balance),
        ],
    }


def _of_which(statement: StatementDocument, figures: Figures) -> list[tuple[str, str]]:
    parts = [
        (_("Of this disputed"), statement.disputed),
        (_("Payments being processed"), statement.processing),
    ]
    return [(label, figures.money(amount)) for label, amount in parts if amount]


def _group(group: StatementGroup, statement: StatementDocument, figures: Figures) -> dict[str, Any]:
    return {
        "title": group.title,
        "items": [_item(item, statement.as_of, figures) for item in group.items],
        "balance": figures.plain(group.balance),
    }


def _item(item: StatementItem, as_of: date, figures: Figures) -> dict[str, Any]:
    late = (as_of - item.due_on).days if item.due_on and item.balance > 0 else 0
    return {
        "number": item.number,
        "remark": item.remark,
        "cells": [
            figures.short_day(item.issued_on),
            figures.short_day(item.due_on) if item.due_on else "",
            figures.quantity(Decimal(late)) if late > 0 else "",
            figures.plain(item.amount),
            figures.plain(item.balance),
        ],
    }

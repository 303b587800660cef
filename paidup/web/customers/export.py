"""The customers list as CSV, in constant memory."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from paidup.customers import queries
from paidup.customers.states import Category
from paidup.lib import keyset, money
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization

from .selection import Asked, Listed, listed

AT_A_TIME = 2000
# What a spreadsheet would take for a formula; a phone number is none.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_PHONE = re.compile(r"\+\d+")


def lines(organization_id: UUID, asked: Asked, *, on: date) -> Iterator[str]:
    """The file, some thousand rows at a time, read in a scope of its own."""
    with tenant(organization_id):
        organization = Organization.objects.get(id=organization_id)
        selection = asked.selection(on)
        order = queries.order(asked.sort, hits=selection.hits)
        rows = queries.selected(selection).select_related("billing_owner")
        found = keyset.in_order(rows, order).iterator(chunk_size=AT_A_TIME)
        yield "\ufeff" + _written([_head()])
        with timezone.override(organization.timezone):
            while some := list(islice(found, AT_A_TIME)):
                yield _written(_cells(row) for row in listed(some, on))


def harmless(text: str) -> str:
    """The text so that no spreadsheet computes it."""
    if _FORMULA.match(text) and not _PHONE.fullmatch(text):
        return f"'{text}"
    return text


def _head() -> list[str]:
    return [
        _("Customer"),
        _("Account Number"),
        _("Category"),
        _("Billing Contact"),
        _("E-mail"),
        _("Phone Number"),
        _("Billing Owner"),
        _("Currency"),
        _("Open Balance"),
        _("Overdue"),
        _("Unapplied"),
        _("Oldest Due"),
        _("Last Payment"),
        _("Last Contacted"),
    ]


def _cells(row: Listed) -> list[Any]:
    customer, contact = row.customer, row.contact
    contacted = customer.last_contacted_at
    texts = [
        customer.name,
        customer.number,
        str(Category(customer.category).label),
        contact.name if contact else "",
        contact.email if contact else "",
        str(customer.phone or (contact.phone if contact else "")),
        customer.billing_owner.name,
        customer.currency,
    ]
    return [
        *map(harmless, texts),
        _amount(customer.open_amount, customer.currency),
        _amount(row.overdue, customer.currency),
        _amount(customer.unapplied_amount, customer.currency),
        customer.oldest_due_on,
        customer.last_payment_on,
        timezone.localtime(contacted).isoformat(" ", "minutes") if contacted else None,
    ]


def _amount(amount: Decimal, currency: str) -> Decimal:
    return money.rounded(amount, currency)


def _written(rows: Iterable[list[Any]]) -> str:
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()

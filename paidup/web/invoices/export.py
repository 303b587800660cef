"""The invoices list as CSV, in constant memory."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from paidup.invoicing.models import InvoiceValue
from paidup.invoicing.states import InvoiceState
from paidup.lib import keyset, money
from paidup.lib.spreadsheet import BOM, written
from paidup.lib.tenancy import limit_to, tenant
from paidup.organizations.field_values import values_of
from paidup.organizations.fields import fields_of
from paidup.organizations.models import CustomField, Member, Organization
from paidup.organizations.states import FieldSubject
from paidup.web.fields import in_cell

from .selection import Selection

AT_A_TIME = 2000
_COLUMNS = (
    "id", "number", "po_number", "customer_id", "customer__name", "customer__number", "state",
    "collection_status__name", "currency", "issued_on", "due_on", "total", "open_amount",
    "fee_for__number",
)  # fmt: skip


def lines(member: Member, asked: Selection, *, on: date) -> Iterator[str]:
    """The file, some thousand rows at a time, read in a scope of its own."""
    organization_id = member.organization_id
    with tenant(organization_id), limit_to(member.limit):
        organization = Organization.objects.get(id=organization_id)
        fields = fields_of(FieldSubject.INVOICE)
        rows = keyset.in_order(asked.rows(organization, on), asked.order, columns=_COLUMNS)
        found = rows.iterator(chunk_size=AT_A_TIME)
        yield BOM + written([_head(fields)])
        while some := list(islice(found, AT_A_TIME)):
            yield written(_cells(some, fields, on))


def _head(fields: Sequence[CustomField]) -> list[str]:
    own = [
        _("Number"),
        _("PO number"),
        _("Customer"),
        _("Account Number"),
        _("Status"),
        _("Collection Status"),
        _("Currency"),
        _("Issued"),
        _("Due"),
        _("Total"),
        _("Open"),
        _("Late fee for"),
    ]
    return [*own, *(field.label for field in fields)]


def _cells(rows: Sequence[Any], fields: Sequence[CustomField], on: date) -> Iterator[list[Any]]:
    values = values_of(InvoiceValue, [row.id for row in rows]) if fields else {}
    for row in rows:
        held = values.get(row.id, {})
        yield [
            row.number,
            row.po_number,
            row.customer__name if row.customer_id else _("Deleted customer"),
            row.customer__number,
            _status(row, on),
            row.collection_status__name,
            row.currency,
            row.issued_on,
            row.due_on,
            money.rounded(row.total, row.currency),
            money.rounded(row.open_amount, row.currency),
            row.fee_for__number,
            *(in_cell(held.get(field.id)) for field in fields),
        ]


def _status(row: Any, on: date) -> str:
    """As the list says it first."""
    if row.state == InvoiceState.OPEN and row.due_on < on:
        return _("Overdue")
    if row.state == InvoiceState.OPEN and row.open_amount < row.total:
        return _("Partially paid")
    return str(InvoiceState(row.state).label)

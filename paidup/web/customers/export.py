"""The customers list as CSV, in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from paidup.customers import listing
from paidup.customers.states import Category
from paidup.lib.spreadsheet import BOM, written
from paidup.lib.tenancy import limit_to, tenant
from paidup.organizations.models import Member, Organization

from .columns import Column, field_ids, with_cadences
from .selection import Asked, Listed, listed

AT_A_TIME = 2000


def lines(member: Member, asked: Asked, columns: Sequence[Column], *, on: date) -> Iterator[str]:
    """The file, some thousand rows at a time, read in a scope of its own."""
    organization_id = member.organization_id
    with tenant(organization_id), limit_to(member.limit):
        organization = Organization.objects.get(id=organization_id)
        selection = asked.selection(on)
        found = listing.every_row(selection, asked.sort, at_a_time=AT_A_TIME)
        yield BOM + written([_head(columns)])
        cells = _cells(columns)
        with timezone.override(organization.timezone):
            while some := list(islice(found, AT_A_TIME)):
                shown = listed(some, on, field_ids(columns), with_cadences=with_cadences(columns))
                yield written(map(cells, shown))


def _head(columns: Sequence[Column]) -> list[str]:
    first = [_("Customer"), _("Account Number"), _("Category"), _("Currency")]
    return [*first, *(str(column.label) for column in columns)]


def _cells(columns: Sequence[Column]) -> Callable[[Listed], list[Any]]:
    """What writes a row."""
    categories = {category.value: str(category.label) for category in Category}
    parts = [column.written for column in columns]

    def cells(row: Listed) -> list[Any]:
        _id, name, number, currency, category, *_rest = row.customer
        return [name, number, categories[category], currency, *[part(row) for part in parts]]

    return cells

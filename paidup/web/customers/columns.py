"""The columns of the customers list: which there are, and which a member has chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from paidup.lib import money
from paidup.organizations.fields import fields_of
from paidup.organizations.models import CustomField, Member
from paidup.organizations.states import FieldKind, FieldSubject, Module
from paidup.ui.templatetags import paidup as ui
from paidup.web.fields import in_cell, in_words

from .selection import LIST, Listed

CADENCE = "cadence"
_CUSTOM = "field:"  # what the keys of custom fields begin with
NOTHING = mark_safe('<span class="faint">–</span>')


@dataclass(frozen=True, kw_only=True)
class Column:
    """What a column shows of a row, and what stands of it in a CSV file.

    `sort` is the name of its order, `look` are the classes of its cells.
    """

    key: str
    label: str | Promise
    shown: Callable[[Listed], str]
    written: Callable[[Listed], Any]
    sort: str = ""
    look: str = "soft"
    module: Module = Module.CUSTOMERS
    field: CustomField | None = None  # of the organization's own

    @property
    def is_number(self) -> bool:
        """Whether its cells stand to the right."""
        return "number" in self.look.split()

    def cell(self, row: Listed) -> str:
        """The cell of a row, safe."""
        return f'<td class="{self.look}">{_safe(self.shown(row))}</td>'


def chosen(member: Member) -> list[Column]:
    """The member's columns in the member's order, else the usual ones."""
    keys = member.list_columns.get(LIST, USUAL)
    known = COLUMNS | _custom() if any(key.startswith(_CUSTOM) for key in keys) else COLUMNS
    return [known[key] for key in keys if key in known and _readable(known[key], member)]


def offered(member: Member) -> list[tuple[Column, bool]]:
    """Every column, those first that the member has chosen, and whether it is one of them."""
    mine = chosen(member)
    keys = {column.key for column in mine}
    others = [
        column
        for key, column in (COLUMNS | _custom()).items()
        if key not in keys and _readable(column, member)
    ]
    return [*((column, True) for column in mine), *((column, False) for column in others)]


def sorts(columns: Sequence[tuple[Column, bool]]) -> dict[str, str]:
    """The orders in which the list may begin, in words."""
    orders = {"name": gettext("Customer"), "-name": gettext("Customer, from Z to A")}
    for column, _is_shown in columns:
        if column.sort:
            first, last = (
                (gettext("%s, lowest first"), gettext("%s, highest first"))
                if column.is_number or column.sort == "health"
                else (gettext("%s, earliest first"), gettext("%s, latest first"))
            )
            orders |= {column.sort: first % column.label, f"-{column.sort}": last % column.label}
    return orders


def field_ids(columns: Sequence[Column]) -> list[UUID]:
    """The custom fields among the columns."""
    return [column.field.id for column in columns if column.field]


def with_cadences(columns: Sequence[Column]) -> bool:
    """Whether a column shows the customers' cadences."""
    return any(column.key == CADENCE for column in columns)


def _custom() -> dict[str, Column]:
    """A column for each custom field."""
    columns = (_custom_column(field) for field in fields_of(FieldSubject.CUSTOMER))
    return {column.key: column for column in columns}


def _custom_column(field: CustomField) -> Column:
    return Column(
        key=f"{_CUSTOM}{field.id}",
        label=field.label,
        shown=lambda row: in_words(field, row.values.get(field.id)),
        written=lambda row: in_cell(row.values.get(field.id)),
        look="number soft" if field.kind == FieldKind.NUMBER else "soft",
        field=field,
    )


def _readable(column: Column, member: Member) -> bool:
    return column.module in member.role.views


def table_rows(
    rows: Sequence[Listed],
    columns: Sequence[Column],
    *,
    path: str,
    expands: bool,
    with_boxes: bool,
) -> SafeString:
    """The customers' rows; each opens what stands below its address, which follows `path`, and
    where it `expands` shows the invoices below itself.

    Python, since a page of them takes a template five times as long.
    """
    box = _BOX.replace("{select}", escape(gettext("Select"))) if with_boxes else ""
    row_of_table = _ROW.replace("{box}", box).replace("{expander}", _EXPANDER if expands else "")
    words = {
        "invoices": escape(gettext("Invoices")),
        "actions": escape(gettext("Actions")),
        "chevron": ui.icon("chevron-right"),
        "dots": ui.icon("dots"),
    }
    return mark_safe(  # noqa: S308  each part is our own or escaped
        "".join(
            row_of_table.format(
                id=row.customer.id,
                url=escape(f"{path}{row.customer.id}/"),
                name=escape(row.customer.name),
                number=escape(row.customer.number),
                cells="".join([column.cell(row) for column in columns]),
                **words,
            )
            for row in rows
        )
    )


_EXPANDER = """<button type="button" class="expander" aria-expanded="false"
    aria-label="{invoices}: {name}" data-expands="invoices/">{chevron}</button>"""
_ROW = """
<tr data-row data-address="{url}" data-peek="{url}panel/">
  {box}
  <td class="phone-lead">
    {expander}<a class="row-link" href="{url}">{name}</a>
    <span class="faint">{number}</span>
  </td>
  {cells}
  <td class="act">
    <button type="button" class="btn btn-ghost btn-small btn-icon" popovertarget="row-menu"
            aria-label="{actions}: {name}">{dots}</button>
  </td>
</tr>
"""
_BOX = """
<td class="check">
  <label><input type="checkbox" class="form-check-input row-check" form="batch" name="customer"
                value="{id}" aria-label="{select} {name}"></label>
</td>
"""


def _safe(text: str) -> str:
    return text if isinstance(text, SafeString) else escape(text)


def _owner(row: Listed) -> SafeString:
    name = row.customer.owner_name
    return format_html('<span class="person">{}{}</span>', ui.avatar(name), name)


def _overdue(row: Listed) -> SafeString:
    if not row.overdue:
        return NOTHING
    return format_html('<span class="bad">{}</span>', ui.money(row.overdue, row.customer.currency))


def _unapplied(row: Listed) -> str:
    amount = row.customer.unapplied_amount
    return ui.money(amount or None, row.customer.currency)


def _amount(amount: Decimal, row: Listed) -> Decimal:
    return money.rounded(amount, row.customer.currency)


def _contacted(row: Listed) -> str | None:
    at = row.customer.last_contacted_at
    return timezone.localtime(at).isoformat(" ", "minutes") if at else None


COLUMNS = {
    column.key: column
    for column in (
        Column(
            key="contact",
            label=_("Billing Contact"),
            shown=lambda row: row.contact.name if row.contact else "",
            written=lambda row: row.contact.name if row.contact else "",
            module=Module.CONTACTS,
        ),
        Column(
            key="email",
            label=_("E-mail"),
            shown=lambda row: row.contact.email if row.contact else "",
            written=lambda row: row.contact.email if row.contact else "",
            module=Module.CONTACTS,
        ),
        Column(
            key="phone",
            label=_("Phone Number"),
            shown=lambda row: ui.phone(row.contact.phone) if row.contact else "",
            written=lambda row: row.contact.phone if row.contact else "",
            module=Module.CONTACTS,
        ),
        Column(
            key="owner",
            label=_("Billing Owner"),
            shown=_owner,
            written=lambda row: row.customer.owner_name,
            look="phone-note",
        ),
        Column(
            key="health",
            label=_("Health"),
            shown=lambda row: ui.health(row.customer.health_score),
            written=lambda row: row.customer.health_score,
            sort="health",
        ),
        Column(
            key="contacted",
            label=_("Last Contacted"),
            shown=lambda row: ui.ago(row.customer.last_contacted_at),
            written=_contacted,
            sort="last_contacted",
        ),
        Column(
            key="paid",
            label=_("Last Payment"),
            shown=lambda row: ui.day(row.customer.last_payment_on),
            written=lambda row: row.customer.last_payment_on,
            sort="last_payment",
        ),
        Column(
            key="due",
            label=_("Oldest Due"),
            shown=lambda row: ui.day(row.customer.oldest_due_on),
            written=lambda row: row.customer.oldest_due_on,
            sort="oldest_due",
            look="soft phone-note-end",
        ),
        Column(
            key="terms",
            label=_("Terms in Days"),
            shown=lambda row: str(row.customer.terms_days),
            written=lambda row: row.customer.terms_days,
            sort="terms",
            look="number soft",
        ),
        Column(
            key=CADENCE,
            label=_("Cadence"),
            shown=lambda row: row.cadence or NOTHING,
            written=lambda row: row.cadence,
        ),
        Column(
            key="open_invoices",
            label=_("Open Invoices"),
            shown=lambda row: str(row.customer.open_invoices),
            written=lambda row: row.customer.open_invoices,
            sort="open_invoices",
            look="number soft",
        ),
        Column(
            key="unapplied",
            label=_("Unapplied"),
            shown=_unapplied,
            written=lambda row: _amount(row.customer.unapplied_amount, row),
            sort="unapplied",
            look="number soft",
        ),
        Column(
            key="overdue",
            label=_("Overdue"),
            shown=_overdue,
            written=lambda row: _amount(row.overdue, row),
            sort="overdue",
            look="number",
        ),
        Column(
            key="balance",
            label=_("Open Balance"),
            shown=lambda row: ui.money(row.customer.open_amount, row.customer.currency),
            written=lambda row: _amount(row.customer.open_amount, row),
            sort="balance",
            look="number strong phone-figure",
        ),
    )
}
USUAL = ["contact", "owner", "health", "contacted", "due", "overdue", "balance"]

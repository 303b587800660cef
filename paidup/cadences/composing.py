"""What a reminder says: its step's template, with the invoices in sections that can be paid."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from babel.lists import format_list
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from paidup.communications import variables
from paidup.communications.blocks import Block, Button, InvoiceRow, InvoiceTable, Paragraph
from paidup.communications.files import Attachment
from paidup.communications.models import MessageTemplate
from paidup.communications.states import Purpose
from paidup.communications.variables import Variable
from paidup.invoicing.attachments import INVOICE_PDF
from paidup.invoicing.wording import due_in_words
from paidup.lib.formatting import day, locale, money
from paidup.organizations.models import Organization

from .planning import Group, Item

# More of them would be no mail any more; the payment page has them all.
MOST_ROWS = 100
MOST_PDFS = 20

EXAMPLE_AMOUNT = lazy(money, str)(Decimal("1234.5"), "USD")
EXAMPLE_DAY = lazy(day, str)(date(2026, 3, 2))

variables.offer(
    Purpose.REMINDER,
    [
        Variable("invoices", gettext_lazy("The invoices, with buttons to pay"), "…", block=True),
        Variable("invoices.summary", gettext_lazy("The invoices in a word"), "INV-00042"),
        Variable("total.due", gettext_lazy("What is asked for"), EXAMPLE_AMOUNT),
        Variable("overdue.summary", gettext_lazy("The overdue ones in a word"), "INV-00042"),
        Variable("total.overdue", gettext_lazy("What is overdue"), EXAMPLE_AMOUNT),
        Variable("oldest.number", gettext_lazy("Number of the oldest invoice"), "INV-00042"),
        Variable("oldest.due_on", gettext_lazy("Its due date"), EXAMPLE_DAY),
    ],
)


@dataclass(frozen=True, kw_only=True)
class Links:
    """Where an invoice, or a customer's balance, can be paid; asked only for what is shown."""

    invoice: Callable[[UUID], str]
    balance: Callable[[UUID], str]


# While a message waits it has none yet: they are made when it is sent.
NO_LINKS = Links(invoice=lambda _id: "", balance=lambda _id: "")


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A reminder, ready to be sent."""

    subject: str
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...]


def compose(
    group: Group,
    *,
    template: MessageTemplate,
    organization: Organization,
    owner: str,
    on: date,
    links: Links,
) -> Composed:
    """The reminder of a group in its reader's language. Raises TemplateRefused for a gap."""
    items = group.items
    with override(group.language or organization.language):
        values = _values(group, items, organization=organization, owner=owner, on=on)
        sections = list(_sections(items, on=on, links=links))
        blocks: list[Block] = []
        for number, text in enumerate(variables.split(template.body, "invoices")):
            if text:
                blocks.append(Paragraph(variables.fill(text, values)))
            if number == 0:
                blocks += sections
        return Composed(
            subject=variables.fill(template.subject, values),
            blocks=tuple(blocks),
            attachments=tuple(
                Attachment(maker=INVOICE_PDF, id=item.invoice_id) for item in items[:MOST_PDFS]
            ),
        )


def _values(
    group: Group, items: Sequence[Item], *, organization: Organization, owner: str, on: date
) -> dict[str, str]:
    oldest = min(items, key=_by_age)
    overdue = [item for item in items if item.due_on < on]
    return {
        "contact.name": group.name,
        "customer.name": _listed(group.customers.values()),
        "customer.number": _listed(dict.fromkeys(item.customer_number for item in items)),
        "owner.name": owner,
        "organization.name": organization.name,
        "invoices.summary": _summary(items),
        "total.due": _total(items),
        "overdue.summary": _summary(overdue),
        "total.overdue": _total(overdue),
        "oldest.number": oldest.number,
        "oldest.due_on": day(oldest.due_on),
    }


def _summary(items: Sequence[Item]) -> str:
    if len(items) == 1:
        return items[0].number
    return (
        ngettext("%(count)d invoice", "%(count)d invoices", len(items)) % {"count": len(items)}
        if items
        else ""
    )


def _total(items: Sequence[Item]) -> str:
    totals: dict[str, Decimal] = {}
    for item in items:
        totals[item.currency] = totals.get(item.currency, Decimal(0)) + item.amount
    return _listed(money(total, currency) for currency, total in totals.items())


def _listed(words: Iterable[str]) -> str:
    """`A`, `A and B`, `A, B, and C`, in the active language."""
    return format_list(list(words), locale=locale())


def _sections(items: Sequence[Item], *, on: date, links: Links) -> "list[Block]":
    """A table and a button for each customer and currency; a customer has one entity."""
    several = len({(item.customer_id, item.currency) for item in items}) > 1
    blocks: list[Block] = []
    for (customer, customer_id, currency), of_section in groupby(items, key=_section):
        section = list(of_section)
        left_out = section[MOST_ROWS:]
        blocks.append(
            InvoiceTable(
                currency=currency,
                rows=tuple(
                    InvoiceRow(
                        number=item.number,
                        due_on=item.due_on,
                        amount=item.amount,
                        url=links.invoice(item.invoice_id),
                        status=due_in_words((on - item.due_on).days, late_fee=item.late_fee),
                        overdue=item.due_on < on,
                    )
                    for item in section[:MOST_ROWS]
                ),
                title=f"{customer} · {currency}" if several else "",
                left_out=len(left_out),
                left_out_amount=sum(
                    (item.amount for item in section[MOST_ROWS:]), start=Decimal(0)
                ),
            )
        )
        blocks.append(_button(section, customer_id, links))
    return blocks


def _button(section: Sequence[Item], customer_id: UUID, links: Links) -> Button:
    if len(section) == 1:
        [item] = section
        return Button(
            _("Pay invoice %(number)s") % {"number": item.number},
            links.invoice(item.invoice_id),
        )
    return Button(_("Pay the balance"), links.balance(customer_id))


def _section(item: Item) -> tuple[str, UUID, str]:
    return item.customer, item.customer_id, item.currency


def _by_age(item: Item) -> tuple[date, str]:
    return item.due_on, item.number

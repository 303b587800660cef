"""What a mail of staff says: the words as written, filled in for its reader, with the invoices."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Self
from uuid import UUID

from babel.lists import format_list
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from paidup.communications import variables
from paidup.communications.blocks import Block, Button, InvoiceRow, InvoiceTable, Paragraph
from paidup.communications.files import Attachment
from paidup.communications.states import Purpose
from paidup.communications.variables import TemplateRefused, Variable
from paidup.customers.models import Contact, Customer
from paidup.invoicing.attachments import INVOICE_PDF
from paidup.invoicing.models import Invoice
from paidup.invoicing.wording import due_in_words
from paidup.lib.formatting import locale, money
from paidup.organizations.models import Member, Organization

MOST_INVOICES = 20  # enclosed in one mail, each as a PDF
MOST_ROWS = 100  # of an account's overview; the payment page has them all

INVOICES, ACCOUNT, METHOD = "invoices", "account", "payment_method"
OF_ENCLOSED = {INVOICES, "invoices.summary", "invoices.total"}
OF_ACCOUNT = {ACCOUNT, "balance.open", "balance.overdue"}
_EXAMPLE = lazy(money, str)(Decimal("1234.5"), "USD")

variables.offer(
    Purpose.MAIL,
    [
        Variable("sender.name", gettext_lazy("Your name"), gettext_lazy("Sam Lee")),
        Variable(
            INVOICES, gettext_lazy("The enclosed invoices, with links to pay"), "…", block=True
        ),
        Variable("invoices.summary", gettext_lazy("The enclosed invoices in a word"), "INV-00042"),
        Variable("invoices.total", gettext_lazy("What is open of them"), _EXAMPLE),
        Variable(ACCOUNT, gettext_lazy("All open invoices, with a button to pay"), "…", block=True),
        Variable(METHOD, gettext_lazy("A button to enter a payment method"), "…", block=True),
        Variable("balance.open", gettext_lazy("What is open in all"), _EXAMPLE),
        Variable("balance.overdue", gettext_lazy("What is overdue in all"), _EXAMPLE),
    ],
)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody wrote, variables and all, and which invoices to enclose."""

    subject: str
    body: str
    invoice_ids: tuple[UUID, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is stored with a message."""
        return {
            "subject": self.subject,
            "body": self.body,
            "invoices": [str(one) for one in self.invoice_ids],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """What was stored."""
        return cls(
            subject=stored["subject"],
            body=stored["body"],
            invoice_ids=tuple(UUID(one) for one in stored["invoices"]),
        )


@dataclass(frozen=True, kw_only=True)
class Links:
    """Where an invoice, or all that is open, can be paid, and a payment method entered; asked only
    for what is shown."""

    invoice: Callable[[Invoice], str]
    balance: Callable[[], str]
    method: Callable[[], str]


# While a mail waits it has none yet: they are made when it is sent.
NO_LINKS = Links(invoice=lambda _invoice: "", balance=lambda: "", method=lambda: "")


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A mail, ready to be sent."""

    subject: str
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...]


def open_invoices(customer: Customer, ids: Iterable[UUID] | None = None) -> list[Invoice]:
    """What the customer has open, or of these invoices, the oldest first."""
    rows = Invoice.objects.of(customer.organization_id).of_customer(customer.id).open()
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    return list(rows.oldest_first())


def compose(
    written: Written,
    *,
    customer: Customer,
    contact: Contact,
    sender: Member,
    on: date,
    links: Links,
) -> Composed:
    """The mail in its reader's language. Raises TemplateRefused for a variable that isn't known,
    or is empty here."""
    variables.check(subject=written.subject, body=written.body, purpose=Purpose.MAIL)
    organization = customer.organization
    enclosed = open_invoices(customer, written.invoice_ids) if written.invoice_ids else []
    names = variables.used(written.subject + written.body)
    account = open_invoices(customer) if names & OF_ACCOUNT else []
    _refuse_gaps(names, enclosed=bool(enclosed), account=bool(account))
    with override(contact.language or organization.language):
        blocks: dict[str, list[Block]] = {
            INVOICES: list(_sections(enclosed, on=on, links=links)),
            ACCOUNT: list(_sections(account, on=on, links=links, whole=True)),
            METHOD: [Button(_("Enter a payment method"), links.method())]
            if METHOD in names
            else [],
        }
        values = {
            **_people(customer, contact, sender, organization),
            "invoices.summary": _summary(enclosed),
            "invoices.total": _total(enclosed),
            "balance.open": _total(account),
            "balance.overdue": _total([one for one in account if one.due_on < on]),
        }
        return Composed(
            subject=variables.fill(written.subject, values),
            blocks=tuple(_said(written.body, values, blocks)),
            attachments=tuple(Attachment(maker=INVOICE_PDF, id=one.id) for one in enclosed),
        )


def _refuse_gaps(names: set[str], *, enclosed: bool, account: bool) -> None:
    if not enclosed and (gaps := sorted(names & OF_ENCLOSED)):
        raise TemplateRefused(
            _("{{ %s }} is empty here: choose invoices to enclose, or take it out.") % gaps[0]
        )
    if not account and (gaps := sorted(names & OF_ACCOUNT)):
        raise TemplateRefused(_("{{ %s }} is empty here: nothing is open; take it out.") % gaps[0])


def _people(
    customer: Customer, contact: Contact, sender: Member, organization: Organization
) -> dict[str, str]:
    return {
        "contact.name": contact.name,
        "customer.name": customer.name,
        "customer.number": customer.number,
        "owner.name": customer.billing_owner.name if customer.billing_owner else "",
        "organization.name": organization.name,
        "sender.name": sender.name,
    }


def _said(body: str, values: dict[str, str], blocks: dict[str, list[Block]]) -> "list[Block]":
    """The text with its blocks where it names them; invoices it doesn't name come after it."""
    said: list[Block] = []
    for text, name in variables.parts(body, tuple(blocks)):
        if text:
            said.append(Paragraph(variables.fill(text, values)))
        said += blocks[name] if name else ()
    if INVOICES not in variables.used(body):
        said += blocks[INVOICES]
    return said


def _sections(
    invoices: Sequence[Invoice], *, on: date, links: Links, whole: bool = False
) -> "list[Block]":
    """A table for each currency. All that is open has a button below; of single invoices each has
    its own link, and one alone a button."""
    blocks: list[Block] = []
    for currency, of_currency in groupby(sorted(invoices, key=_currency), key=_currency):
        rows = list(of_currency)
        left_out = rows[MOST_ROWS:]
        blocks.append(
            InvoiceTable(
                currency=currency,
                rows=tuple(
                    InvoiceRow(
                        number=one.number,
                        due_on=one.due_on,
                        amount=one.open_amount,
                        url=links.invoice(one),
                        status=due_in_words(one.days_late(on), late_fee=one.is_late_fee),
                        overdue=one.due_on < on,
                    )
                    for one in rows[:MOST_ROWS]
                ),
                left_out=len(left_out),
                left_out_amount=sum((one.open_amount for one in left_out), start=Decimal(0)),
            )
        )
    if whole and invoices:
        blocks.append(Button(_("Pay the balance"), links.balance()))
    elif len(invoices) == 1:
        label = _("Pay invoice %(number)s") % {"number": invoices[0].number}
        blocks.append(Button(label, links.invoice(invoices[0])))
    return blocks


def _summary(invoices: Sequence[Invoice]) -> str:
    if len(invoices) == 1:
        return invoices[0].number
    return (
        ngettext("%(count)d invoice", "%(count)d invoices", len(invoices))
        % {"count": len(invoices)}
        if invoices
        else ""
    )


def _total(invoices: Sequence[Invoice]) -> str:
    totals: dict[str, Decimal] = {}
    for one in invoices:
        totals[one.currency] = totals.get(one.currency, Decimal(0)) + one.open_amount
    amounts = [money(total, currency) for currency, total in totals.items()]
    return format_list(amounts, locale=locale())


def _currency(invoice: Invoice) -> str:
    return invoice.currency

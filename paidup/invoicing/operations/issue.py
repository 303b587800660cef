"""Issuing an invoice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.customers.states import CustomerState
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice, InvoiceLine, InvoiceValue
from paidup.invoicing.queries import default_status_id
from paidup.invoicing.states import InvoiceState
from paidup.ledger.operations import Posting
from paidup.ledger.states import AccountKind
from paidup.lib import money, tenancy
from paidup.organizations.field_values import Given, ValueChange, change_values
from paidup.organizations.fields import FieldRefused
from paidup.organizations.models import InvoiceTemplate
from paidup.organizations.operations import step_past, take_number
from paidup.organizations.paying import payment_rules
from paidup.organizations.queries import default_template

from .balance import post


class InvoiceRefused(Exception):
    """The invoice can't be issued so; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line about to be billed; `tax_rate` in percent."""

    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    tax_rate: Decimal = Decimal(0)


@transaction.atomic
def issue_invoice(
    *,
    customer: Customer,
    lines: Sequence[Line],
    issued_on: date,
    by: Actor,
    at: datetime,
    due_on: date | None = None,
    currency: str = "",
    number: str = "",
    po_number: str = "",
    note: str = "",
    fields: Given | None = None,
    fee_for: Invoice | None = None,
    template: InvoiceTemplate | None = None,
) -> Invoice:
    """Issues an invoice: number, lines, ledger transfers, custom `fields` and event, all or
    nothing.

    A late fee says for which invoice it is (`fee_for`).
    Without a due date the customer's terms say when; without a number the series gives the next;
    without a template it is the customer's, else the default one. The invoice keeps its words.
    Raises InvoiceRefused for a total that isn't above zero, a due date before the issue date, a
    number in use, a customer that may not be billed, a field or template removed meanwhile, or a
    template that lets the customer pay with nothing; BadAmount for a price too fine to bill.
    """
    organization_id = tenancy.current()
    customer = Customer.objects.of(organization_id).locked().get(id=customer.id)
    if customer.state != CustomerState.ACTIVE:
        raise InvoiceRefused(_("%s is deactivated; reactivate it to bill it.") % customer.name)
    due_on = due_on or issued_on + timedelta(days=customer.terms_days)
    if due_on < issued_on:
        raise InvoiceRefused(_("The due date lies before the invoice date; choose a later one."))
    currency = currency or customer.currency
    template = _template(customer, template)
    rows = [_line(line, position, currency) for position, line in enumerate(lines, start=1)]
    net = sum((row.amount for row in rows), Decimal(0))
    tax = sum((row.tax for row in rows), Decimal(0))
    if net < 0 or tax < 0 or net + tax <= 0:
        raise InvoiceRefused(_("An invoice needs lines that come to more than zero."))
    invoice = Invoice(
        organization_id=organization_id,
        entity_id=customer.entity_id,
        customer=customer,
        number=_number(number.strip(), customer),
        po_number=po_number,
        currency=currency,
        collection_status_id=default_status_id(),
        fee_for=fee_for,
        # Stored settled; the posting below opens it, as it moves every invoice's open amount.
        state=InvoiceState.PAID,
        issued_on=issued_on,
        due_on=due_on,
        total=net + tax,
        open_amount=Decimal(0),
        bill_to="\n".join(filter(None, [customer.name, customer.billing_address])),
        note=note,
        template=template,
        heading=template.heading,
        footer=template.footer,
        created_at=at,
    )
    try:
        with transaction.atomic():
            invoice.save(force_insert=True)
    except IntegrityError:
        raise InvoiceRefused(_("Invoice number %s is in use already.") % invoice.number) from None
    for row in rows:
        row.invoice = invoice
    InvoiceLine.objects.bulk_create(rows)
    filled = _fill_in(invoice, fields or {})
    postings = [(AccountKind.REVENUE, net), (AccountKind.TAX_PAYABLE, tax)]
    post(
        [
            Posting(
                debit=AccountKind.RECEIVABLE,
                credit=kind,
                amount=amount,
                invoice_id=invoice.id,
                customer_id=customer.id,
            )
            for kind, amount in postings
            if amount
        ],
        entity_id=customer.entity_id,
        currency=currency,
        cause_id=invoice.id,
        effective_on=issued_on,
        at=at,
    )
    history.record(
        "late_fee.charged" if fee_for else "invoice.issued",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=invoice.id,
        data={
            "number": invoice.number,
            "total": str(invoice.total),
            "currency": currency,
            "due_on": due_on.isoformat(),
        }
        | ({"late": fee_for.number} if fee_for else {}),
        personal={"fields": [change.told() for change in filled]} if filled else None,
    )
    invoice.refresh_from_db()
    return invoice


def _template(customer: Customer, chosen: InvoiceTemplate | None) -> InvoiceTemplate:
    if chosen is None:
        return customer.invoice_template or default_template(customer.organization_id)
    rows = InvoiceTemplate.objects.of(customer.organization_id).filter(removed=False)
    found = rows.filter(id=chosen.id).first()
    if found is None:
        raise InvoiceRefused(_("This invoice template was removed meanwhile; choose another one."))
    if not payment_rules().offered(customer.payment_kinds, [found.id]):
        raise InvoiceRefused(
            _(
                "%(customer)s could pay with nothing that “%(template)s” lets through; "
                "choose another template."
            )
            % {"customer": customer.name, "template": found.name}
        )
    return found


def _fill_in(invoice: Invoice, fields: Given) -> list[ValueChange]:
    try:
        return change_values(InvoiceValue, invoice.id, fields)
    except FieldRefused as refused:
        raise InvoiceRefused(str(refused)) from None


def _number(given: str, customer: Customer) -> str:
    """The number given, after which the series goes on if it looks like one of its own; else the
    next of the series."""
    organization_id, entity_id = customer.organization_id, customer.entity_id
    if not given:
        return take_number(organization_id=organization_id, entity_id=entity_id, kind="invoice")
    step_past(organization_id=organization_id, entity_id=entity_id, kind="invoice", numbers=[given])
    return given


def _line(line: Line, position: int, currency: str) -> InvoiceLine:
    amount = money.rounded(line.quantity * line.unit_price, currency)
    return InvoiceLine(
        organization_id=tenancy.current(),
        position=position,
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        amount=amount,
        tax=money.rounded(amount * line.tax_rate / 100, currency),
    )

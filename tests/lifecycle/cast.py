"""Customers to be merged or deleted, and the verbs that do it."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from paidup.attachments import operations as attachments
from paidup.cadences import operations as cadences
from paidup.communications import operations as communications
from paidup.communications.blocks import Paragraph
from paidup.communications.states import Purpose
from paidup.customers import operations as customers
from paidup.customers.models import ContactLink, Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.lifecycle.deletion import DeletionRefused, delete_customer
from paidup.lifecycle.deletion import preview as preview_deletion
from paidup.lifecycle.operations import MergeRefused, merge_customers
from paidup.lifecycle.queries import preview
from paidup.organizations.fields import add_field, fields_of
from paidup.organizations.models import CustomField
from paidup.organizations.states import FieldKind, FieldSubject, LimitedAction
from paidup.payments import operations as payments
from paidup.payments.models import Credit, Intent, Payment, Proposal
from paidup.payments.states import CreditReason, PaymentKind
from paidup.statements.operations import send_statement
from paidup.statements.states import StatementKind
from paidup.todos import operations as todos
from tests.autopay.charging import schedule
from tests.support.books import Books


def merge(books: Books, source: Customer, target: Customer) -> Customer:
    """The source into the target."""
    with tenant(books.id):
        return merge_customers(source=source, target=target, by=books.by, at=books.at)


def refused(books: Books, source: Customer, target: Customer) -> str:
    """Why the two are not merged, which the preview says too."""
    with pytest.raises(MergeRefused) as refusal:
        merge(books, source, target)
    with tenant(books.id):
        assert Customer.objects.filter(id=source.id).exists()
        assert str(refusal.value) == " ".join(preview(source, target).refusals)
    return str(refusal.value)


def pay(books: Books, customer: Customer, amount: str, *, currency: str = "USD") -> Payment:
    """Money by wire, put to the oldest invoices."""
    with tenant(books.id):
        return payments.record_payment(
            customer=customer,
            amount=Decimal(amount),
            currency=currency,
            kind=PaymentKind.WIRE,
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )


def credit(books: Books, customer: Customer, amount: str) -> None:
    """A credit that waits to be applied."""
    with tenant(books.id):
        payments.grant_credit(
            customer=customer,
            amount=Decimal(amount),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description="Sorry",
            leave_unapplied=True,
            on=books.on,
            by=books.by,
            at=books.at,
        )


def settle(books: Books, customer: Customer) -> None:
    """Nothing is open and nothing is left, in any currency."""
    acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
    with tenant(books.id):
        for credit in Credit.objects.filter(customer=customer, unapplied_amount__gt=0):
            invoice = books.invoice(customer, str(credit.unapplied_amount))
            to = [(invoice.id, credit.unapplied_amount)]
            payments.allocate(source=credit, to=to, **acts)
        for invoice in Invoice.objects.open().filter(customer=customer):
            pay(books, customer, str(invoice.open_amount), currency=invoice.currency)
        for payment in Payment.objects.filter(customer=customer, unapplied_amount__gt=0):
            payments.refund_payment(
                payment=payment,
                amount=payment.unapplied_amount,
                credit_invoices=False,
                reason="Not needed",
                **acts,
            )


def delete(books: Books, customer: Customer) -> None:
    """The customer, for good."""
    with tenant(books.id):
        delete_customer(customer=customer, by=books.by, at=books.at)


def not_deleted(books: Books, customer: Customer) -> str:
    """Why the customer is not deleted, which the preview says too."""
    with pytest.raises(DeletionRefused) as refusal:
        delete(books, customer)
    with tenant(books.id):
        assert Customer.objects.filter(id=customer.id).exists()
        fresh = Customer.objects.get(id=customer.id)
        assert str(refusal.value) == " ".join(preview_deletion(fresh).refusals)
    return str(refusal.value)


def settled(books: Books, customer: Customer, amount: str) -> Intent:
    """A charge of a new invoice that has gone through."""
    return books.run(books.claim(customer, books.invoice(customer, amount)))


def text_field(books: Books, of: FieldSubject = FieldSubject.CUSTOMER) -> CustomField:
    """A custom field of the customers, or of others, in the tenant's scope."""
    label = "Region"
    known = {field.label: field for field in fields_of(of)}
    return known.get(label) or add_field(
        of=of, kind=FieldKind.TEXT, label=label, by=books.by, at=books.at
    )


def customer_with_everything(books: Books, name: str = "Globex Inc") -> Customer:
    """One to whom a row of every table refers that can refer to a customer."""
    customer = books.customer(name, email=f"{name.partition(' ')[0].lower()}@example.test")
    contact = books.contact(customer, "second@example.test")
    books.customer(f"{name} West", parent=customer)
    books.invoice(customer, "100.00", due_in=-3)
    books.invoice(customer, "70.00", due_in=9, currency="EUR")
    settled(books, customer, "15.00")
    pay(books, customer, "30.00")
    pay(books, customer, "90.00", currency="EUR")
    credit(books, customer, "7.00")
    books.method(customer)
    schedule(books, customer)
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    with tenant(books.id):
        payments.balance_link(customer=customer, at=books.at)
        payments.method_link(customer=customer, at=books.at)
        cadence = cadences.establish_default(organization=books.organization, **acts)
        cadences.change_cadences(customer_ids=[customer.id], cadence=cadence, **acts)
        cadences.change_contact_cadence(
            link=ContactLink.objects.get(customer=customer, contact=contact),
            cadence=cadence,
            **acts,
        )
        cadences.change_invoice_cadence(
            invoice=Invoice.objects.open().filter(customer=customer).latest("id"),
            cadence=cadence,
            **acts,
        )
        custom = text_field(books)
        customers.edit_customer(customer=customer, fields={custom.id: f"{name} region"}, **acts)
        noted = text_field(books, FieldSubject.INVOICE)
        invoicing.fill_in_invoice(
            invoice=Invoice.objects.open().filter(customer=customer).earliest("id"),
            fields={noted.id: f"{name} project"},
            **acts,
        )
        customers.set_health(
            customer=customer, score=55, reason=f"{name} pays late", on=books.on, **acts
        )
        attachments.add_note(
            customer=customer,
            text="Call Ann first",
            files=[("call.txt", BytesIO(b"Ann said so"))],
            **acts,
        )
        shared = [("terms.txt", BytesIO(b"Thirty days"))]
        attachments.share_files(customer=customer, files=shared, **acts)
        todos.add_todo(kind="task", title="Call", customer=customer, **acts)
        todos.add_todo(
            kind="pending", title="Decide", customer=customer, subject_id=customer.id, **acts
        )
        communications.queue_message(
            customer=customer,
            contact=contact,
            purpose=Purpose.RECEIPT,
            subject="Thank you",
            blocks=[Paragraph("Thank you")],
            intent_key=f"thanks:{customer.id}",
            **acts,
        )
        send_statement(
            customer=customer,
            kind=StatementKind.OPEN_ITEM,
            currency="USD",
            from_on=None,
            to_on=books.on,
            contacts=[contact],
            subject="Your statement",
            text="Attached",
            on=books.on,
            **acts,
        )
        Proposal.objects.create(
            organization=books.organization,
            customer=customer,
            action=LimitedAction.CREDIT,
            amount=Decimal(500),
            currency="USD",
            asked_by=books.owner,
            asked_at=books.at,
        )
    merge(books, books.customer(f"{name} once"), customer)
    with tenant(books.id):
        return Customer.objects.get(id=customer.id)

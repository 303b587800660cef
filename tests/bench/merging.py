"""Merging two customers that have 10,000 invoices each, half of them paid."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.history.actors import system
from paidup.invoicing.models import Invoice
from paidup.invoicing.operations.bulk import NewInvoice
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.lifecycle.operations import merge_customers
from paidup.organizations.models import Entity
from paidup.payments.operations.bulk import NewAllocation, NewPayment, load
from paidup.payments.states import PaymentKind
from tests.bench.book import Book
from tests.bench.measure import Figure, seconds, taken_back

INVOICES = 10_000  # of each
BENCH = system("bench")


def measure(book: Book) -> list[Figure]:
    """In the large organization, beside handing over the invoices alone."""
    took: dict[str, float] = {}
    with transaction.atomic():
        with tenant(book.organization_id):
            source, target = _customer(book, "Source"), _customer(book, "Target")
            took["bare"] = taken_back(lambda: _bare(source, target))
            took["ours"] = seconds(
                lambda: merge_customers(source=source, target=target, by=BENCH, at=book.at)
            )
            assert Invoice.objects.filter(customer=target).count() == 2 * INVOICES
        transaction.set_rollback(True)
    return [
        Figure(
            name=f"merge of two customers with {INVOICES:,} invoices each",
            value=took["ours"],
            unit="s",
            bare=took["bare"],
            at_most=5,
        )
    ]


def _customer(book: Book, name: str) -> Customer:
    """With its invoices, every second one paid."""
    entity = Entity.objects.of(book.organization_id).order_by("name")[0]
    customer = customers.add_customer(entity=entity, name=name, by=BENCH, at=book.at)
    invoices = list(_invoices(book, customer))
    paid = [(new_id(), invoice) for invoice in invoices[::2]]
    load(
        invoices=invoices,
        payments=[_payment(book, payment_id, invoice) for payment_id, invoice in paid],
        allocations=[
            NewAllocation(payment_id, invoice.id, invoice.total, book.at.date())
            for payment_id, invoice in paid
        ],
        entity_id=entity.id,
        by=BENCH,
        at=book.at,
    )
    return customer


def _invoices(book: Book, customer: Customer) -> Iterator[NewInvoice]:
    issued_on = book.at.date() - timedelta(days=40)
    for number in range(INVOICES):
        yield NewInvoice(
            id=new_id(),
            customer_id=customer.id,
            number=f"{customer.name}-{number}",
            currency=customer.currency,
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=30),
            total=Decimal(100),
            issued_at=book.at,
            description="Services",
        )


def _payment(book: Book, payment_id: UUID, invoice: NewInvoice) -> NewPayment:
    return NewPayment(
        id=payment_id,
        customer_id=invoice.customer_id,
        currency=invoice.currency,
        amount=invoice.total,
        kind=PaymentKind.WIRE,
        reference=invoice.number,
        received_on=book.at.date(),
        received_at=book.at,
    )


def _bare(source: Customer, target: Customer) -> None:
    Invoice.objects.filter(customer=source).update(customer=target)

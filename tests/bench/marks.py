"""What colleagues noted over the years, by which a large book is filtered."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from paidup.cadences.models import Assignment, Cadence
from paidup.cadences.operations import add_cadence
from paidup.customers.models import Customer, CustomerValue
from paidup.history.actors import system
from paidup.invoicing.models import Invoice, InvoiceValue
from paidup.invoicing.queries import collection_statuses
from paidup.lib.tenancy import tenant
from paidup.organizations.field_rules import Value
from paidup.organizations.field_values import store_values
from paidup.organizations.fields import add_field
from paidup.organizations.models import CustomField
from paidup.organizations.states import FieldKind, FieldSubject
from tests.bench.book import Book

BY = system("bench")
SECTORS = ("Trade", "Industry", "Public", "Health")
STATUSES = (30, 12, 5, 2, 1)  # of a hundred open invoices, by the status's place
REGIONS = ("North", "East", "South", "West", "Overseas")


def mark(book: Book) -> None:
    """Judges two customers of three, and fills in fields, cadences and collection statuses."""
    rng = Random(3)
    with tenant(book.organization_id):
        customers = list(Customer.objects.of(book.organization_id).order_by("id"))
        ids = [customer.id for customer in customers]
        for customer in customers:
            if rng.random() < 2 / 3:
                customer.health_score, customer.health_reason = rng.randrange(101), "As it pays."
        Customer.objects.bulk_update(customers, ["health_score", "health_reason"], batch_size=5000)
        _assign_cadences(book, ids, rng)
        _fill_in_customers(book, ids, rng)
        _note_at_invoices(book, rng)


def _assign_cadences(book: Book, ids: list[UUID], rng: Random) -> None:
    """A fifth has another cadence, one of a hundred a third, one of two hundred none."""
    standard = Cadence.objects.of(book.organization_id).get(default=True)
    common, rare = (
        add_cadence(name=name, copy_of=standard, by=BY, at=book.at)
        for name in ("Key accounts", "Lawyers")
    )
    rng.shuffle(ids)
    parts = ((common, 200), (rare, 10), (None, 5))  # of a thousand
    rows = []
    first = 0
    for cadence, share in parts:
        last = first + len(ids) * share // 1000
        rows += [
            Assignment(organization_id=book.organization_id, customer_id=each, cadence=cadence)
            for each in ids[first:last]
        ]
        first = last
    Assignment.objects.bulk_create(rows, batch_size=5000)


def _fill_in_customers(book: Book, ids: list[UUID], rng: Random) -> None:
    sector = _field(book, FieldSubject.CUSTOMER, FieldKind.CHOICE, "Sector", SECTORS)
    seats = _field(book, FieldSubject.CUSTOMER, FieldKind.NUMBER, "Seats")
    since = _field(book, FieldSubject.CUSTOMER, FieldKind.DATE, "Customer since")
    today = book.at.date()

    def values() -> Iterator[tuple[UUID, UUID, Value]]:
        for each in ids:
            yield each, sector.id, rng.choices(SECTORS, (60, 30, 9, 1))[0]
            yield each, seats.id, Decimal(rng.randrange(1000))
            yield each, since.id, today - timedelta(days=rng.randrange(4000))

    store_values(CustomerValue, values())


def _note_at_invoices(book: Book, rng: Random) -> None:
    """Statuses of half the open invoices; of all open ones for which region they are."""
    region = _field(book, FieldSubject.INVOICE, FieldKind.CHOICE, "Region", REGIONS)
    open_ids = list(
        Invoice.objects.of(book.organization_id).open().order_by("id").values_list("id", flat=True)
    )
    drawn = [rng.randrange(100) for _each in open_ids]
    least = 0
    for status, share in zip(collection_statuses(), STATUSES, strict=True):
        chosen = [
            each
            for each, number in zip(open_ids, drawn, strict=True)
            if least <= number < least + share
        ]
        for first in range(0, len(chosen), 5000):
            some = Invoice.objects.of(book.organization_id).filter(
                id__in=chosen[first : first + 5000]
            )
            some.update(collection_status=status)
        least += share
    store_values(InvoiceValue, ((each, region.id, rng.choice(REGIONS)) for each in open_ids))


def _field(
    book: Book, of: FieldSubject, kind: FieldKind, label: str, choices: tuple[str, ...] = ()
) -> CustomField:
    return add_field(of=of, kind=kind, label=label, choices=choices, by=BY, at=book.at)

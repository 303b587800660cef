"""The real ledger, on its own days."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db.models import Count, Sum

from paidup.customers.models import Contact, Customer
from paidup.customers.search import fold
from paidup.history.models import Event
from paidup.invoicing.models import Dispute, Invoice, InvoiceLine
from paidup.invoicing.states import AgingBucket, DisputeState
from paidup.ledger.models import Transfer
from paidup.lib.tenancy import tenant
from paidup.payments.models import Allocation, Payment
from paidup.reporting.check import differences
from tests.support.books import Books, found_books

from .ledgers import JULY, JUNE, REAL, bring_in

pytestmark = pytest.mark.usefixtures("db")

OPEN_IN_JUNE = {
    AgingBucket.CURRENT: Decimal("4284.29"),
    AgingBucket.TO_30: Decimal("835.56"),
    AgingBucket.TO_60: Decimal(0),
    AgingBucket.TO_90: Decimal(0),
    AgingBucket.OVER_90: Decimal(0),
}


@pytest.fixture
def books() -> Books:
    return found_books()


def rows(books: Books) -> dict[str, int]:
    """How many rows each table holds of this organization."""
    with tenant(books.id):
        return {
            model._meta.db_table: model._base_manager.filter(organization_id=books.id).count()
            for model in apps.get_models()
            if any(field.attname == "organization_id" for field in model._meta.local_fields)
        }


def standing(books: Books) -> tuple[list[object], ...]:
    """All that the ledger says of customers, invoices and what was paid, whatever the ids."""
    with tenant(books.id):
        return (
            list(
                Customer.objects.order_by("number").values_list(
                    "number", "open_amount", "open_invoices", "oldest_due_on", "unapplied_amount",
                    "last_payment_on", "last_payment_amount",
                )
            ),
            list(
                Invoice.objects.order_by("number").values_list(
                    "number", "state", "total", "open_amount", "disputed_amount", "due_on"
                )
            ),
            list(
                Payment.objects.order_by("reference").values_list(
                    "reference", "amount", "received_on", "unapplied_amount", "kind"
                )
            ),
            list(
                Dispute.objects.order_by("invoice__number").values_list(
                    "invoice__number", "state", "amount", "closed_on"
                )
            ),
            list(
                Event.objects.of(books.id)
                .exclude(kind__in=["ledger.imported", "organization.founded"])
                .values_list("kind", "at__date")
                .annotate(count=Count("id"))
                .order_by("kind", "at__date")
            ),
        )  # fmt: skip


def test_the_ledger_of_the_end_of_june(books: Books) -> None:
    summary = bring_in(books, REAL)
    assert (summary.customers, summary.invoices, summary.payments) == (100, 1930, 1846)
    assert summary.created == {
        "customers": 100,
        "contacts": 100,
        "invoices": 1930,
        "payments": 1846,
        "disputes": 439,
    }
    assert (summary.open_invoices, summary.open_amount) == (84, Decimal("5119.85"))
    assert summary.aging == OPEN_IN_JUNE
    assert summary.errors == []
    with tenant(books.id):
        owing = Customer.objects.filter(open_invoices__gt=0)
        assert owing.count() == 52
        assert owing.aggregate(sum=Sum("open_amount"))["sum"] == Decimal("5119.85")
        disputed = Dispute.objects.filter(state=DisputeState.OPEN)
        assert disputed.count() == 27
        assert disputed.exclude(amount=Decimal(0)).filter(invoice__state="open").count() == 27
        assert Transfer.objects.count() == 1930 + 2 * 1846
        assert InvoiceLine.objects.count() == 1930
        assert Allocation.objects.count() == 1846
    assert differences(books.id) == ()


def test_a_second_import_creates_nothing(books: Books) -> None:
    first = bring_in(books, REAL)
    before = rows(books)
    second = bring_in(books, REAL)
    assert set(second.created.values()) == {0}
    assert rows(books) == before
    assert second.aging == first.aging
    assert (second.customers, second.invoices, second.payments) == (100, 1930, 1846)


def test_a_later_day_adds_what_has_happened_since(books: Books) -> None:
    bring_in(books, REAL, as_of=JUNE)
    later = bring_in(books, REAL, as_of=JULY)
    assert later.created["invoices"] == later.invoices - 1930 > 0
    assert later.created["payments"] == later.payments - 1846 > 0
    assert differences(books.id) == ()
    at_once = found_books()
    bring_in(at_once, REAL, as_of=JULY)
    assert standing(books) == standing(at_once)


def test_an_earlier_day_takes_nothing_back(books: Books) -> None:
    bring_in(books, REAL, as_of=JULY)
    before = standing(books)
    assert set(bring_in(books, REAL, as_of=JUNE).created.values()) == {0}
    assert standing(books) == before


def test_a_dry_run_tells_the_same_and_changes_nothing(books: Books) -> None:
    before = rows(books)
    dry = bring_in(books, REAL, dry_run=True)
    assert rows(books) == before
    assert dry == bring_in(books, REAL)


def test_the_timeline_reads_by_the_ledgers_days(books: Books) -> None:
    bring_in(books, REAL)
    with tenant(books.id):
        invoice = Invoice.objects.get(number="0000611365")
        events = Event.objects.about_customer(invoice.customer.id)
        issued = events.get(kind="invoice.imported", subject_id=invoice.id)
        assert issued.at.isoformat() == "2013-01-02T12:00:00+00:00"
        assert issued.data == {
            "number": "0000611365",
            "total": "55.94",
            "currency": "USD",
            "due_on": "2013-02-01",
        }
        payment = Payment.objects.get(reference="0000611365")
        paid = events.get(kind="payment.recorded", subject_id=payment.id)
        assert paid.at.date() == payment.received_on == date(2013, 1, 15)
        assert paid.data["amount"] == "55.94"
        assert (paid.actor_kind, paid.actor_name) == ("system", "import")
        [imported] = Event.objects.of(books.id).filter(kind="ledger.imported")
        assert imported.at == books.at
        assert imported.data["invoices"] == 1930


def test_customers_are_found_with_their_contact(books: Books) -> None:
    bring_in(books, REAL)
    with tenant(books.id):
        contact = Contact.objects.get(email="0379-NEVHP@ledger.example")
        assert contact.name == "0379-NEVHP"
        customer = Customer.objects.get(number="0379-NEVHP")
        assert customer.name == customer.number
        assert customer.currency == "USD"
        assert customer.billing_owner_id == books.owner.id
        words = apps.get_model("customers", "SearchRow").objects.get(customer_id=customer.id).words
        assert fold("0379-NEVHP@ledger.example") in words

"""Over random books and days: nobody is fined twice for a period, over the most, or for what is
disputed, promised, held, being charged, or would be paid by money that is there."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from paidup.customers.models import Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice, Promise
from paidup.invoicing.operations import DisputeRefused, PromiseRefused
from paidup.invoicing.states import Hold, PromiseState
from paidup.late_fees.models import Fee
from paidup.late_fees.states import Kind
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Claim, Credit, Payment
from paidup.payments.operations import ChargeRefused
from paidup.payments.operations.allocate import oldest_first
from paidup.payments.operations.promises import last_day
from paidup.payments.states import PaymentKind
from tests.support.books import Books, found_books

from .fining import assess, check, later, rule, take_back

pytestmark = pytest.mark.django_db

AMOUNTS = st.sampled_from(["7.00", "33.33", "100.00", "250.10"])
CENTS = st.integers(1, 30_000).map(lambda cents: Decimal(cents) / 100)


@dataclass(frozen=True)
class Day:
    """What happens, after so many days without anything, to which invoice; then fees are run."""

    after: int
    what: str
    which: int
    amount: Decimal
    days_ago: int
    applied: bool


@dataclass(frozen=True)
class Story:
    """A rule, the invoices of a parent (0) and its sub-account (1), and days."""

    kind: Kind
    every_days: int | None
    most: Decimal | None
    invoices: list[tuple[int, str, int]]
    days: list[Day]


WHAT = st.sampled_from(["nothing", "pay", "pay", "dispute", "promise", "hold", "release", "claim"])
STORIES = st.builds(
    Story,
    kind=st.sampled_from(Kind),
    every_days=st.sampled_from([7, 30]),
    most=st.sampled_from([None, Decimal("12.34")]),
    invoices=st.lists(
        st.tuples(st.integers(0, 1), AMOUNTS, st.integers(-40, 10)), max_size=4, min_size=1
    ),
    days=st.lists(
        st.builds(
            Day,
            after=st.integers(0, 20),
            what=WHAT,
            which=st.integers(0, 3),
            amount=CENTS,
            days_ago=st.integers(0, 25),
            applied=st.booleans(),
        ),
        max_size=6,
        min_size=3,
    ),
)


@seed(20260302)
@settings(
    max_examples=12,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=STORIES)
def test_nobody_is_fined_for_what_they_do_not_owe(story: Story) -> None:
    books = found_books()
    rule(books, story.kind, every_days=story.every_days, most=story.most, grace_days=3)
    parent = books.customer("Parent")
    customers = [parent, books.customer("Child", parent=parent)]
    invoices = [
        books.invoice(customers[who], amount, due_in=due_in)
        for who, amount, due_in in story.invoices
    ]
    known: set[UUID] = set()
    for day in story.days:
        later(books, day.after)
        happen(books, day, customers, invoices[day.which % len(invoices)])
        take_back(books)
        owed = what_nobody_answers_for(books)
        charged = assess(books)
        assert assess(books) == 0
        with tenant(books.id):
            fees = list(Fee.objects.exclude(id__in=known).select_related("invoice", "document"))
        assert len(fees) == charged
        for fee in fees:
            assert fee.base <= owed[fee.invoice_id]
            assert fee.document.total == fee.amount
            assert not fee.invoice.hold
            assert not fee.invoice.is_late_fee
        known |= {fee.id for fee in fees}
    assert_no_fee_too_many(books, story)
    check(books)


def happen(books: Books, day: Day, customers: list[Customer], invoice: Invoice) -> None:
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    with tenant(books.id):
        invoice = Invoice.objects.select_related("customer").get(id=invoice.id)
        amount = min(day.amount, invoice.open_amount)
        match day.what:
            case "pay":
                payments.record_payment(
                    customer=customers[day.which % 2],
                    amount=day.amount,
                    currency="USD",
                    kind=PaymentKind.CHECK,
                    received_on=books.on - timedelta(days=day.days_ago),
                    on=books.on,
                    to=None if day.applied else [],
                    **acts,
                )
            case "hold":
                invoicing.hold_invoices(invoice_ids=[invoice.id], reason=Hold.RETURNED, **acts)
            case "release":
                invoicing.release_invoice(invoice=invoice, **acts)
            case "claim" if amount:
                try:
                    books.claim(invoice.customer, invoice)
                except ChargeRefused:
                    return
            case "dispute" if amount:
                try:
                    invoicing.open_dispute(
                        invoice=invoice, amount=amount, reason="No", on=books.on, **acts
                    )
                except DisputeRefused:
                    return
            case "promise" if amount:
                try:
                    invoicing.record_promise(
                        invoice=invoice,
                        amount=amount,
                        promised_for=books.on + timedelta(days=day.days_ago),
                        on=books.on,
                        **acts,
                    )
                except PromiseRefused:
                    return


def what_nobody_answers_for(books: Books) -> dict[UUID, Decimal]:
    """By invoice, what would be open once all money at hand were applied as it is applied, of that
    what is neither disputed, promised nor being charged. The money stays where it was."""
    with tenant(books.id), transaction.atomic():
        sources = [
            source
            for table in (Payment, Credit)
            for source in table.objects.filter(unapplied_amount__gt=0)
        ]
        acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
        for source in sources:
            payments.allocate(source=source, **acts)
        for source in sources:
            below = Invoice.objects.filter(customer__parent=source.customer_id)
            to = oldest_first(source, among=list(below.values_list("id", flat=True)))
            payments.allocate(source=source, to=to, **acts)
        claims = dict(Claim.objects.filter(live=True).values_list("invoice_id", "amount"))
        promised = {
            promise.invoice_id: promise.amount - promise.open_before
            for promise in Promise.objects.filter(state=PromiseState.OPEN)
            if last_day(promise.promised_for) >= books.on
        }
        owed = {}
        for invoice in Invoice.objects.all():
            left = invoice.open_amount - invoice.disputed_amount - claims.get(invoice.id, 0)
            if invoice.id in promised:
                # Of the promise, what is still missing once the money is applied.
                left -= max(promised[invoice.id] + invoice.open_amount, Decimal(0))
            owed[invoice.id] = max(left, Decimal(0))
        transaction.set_rollback(True)
    return owed


def assert_no_fee_too_many(books: Books, story: Story) -> None:
    with tenant(books.id):
        fees = list(Fee.objects.order_by("invoice_id", "period_on"))
    assert max(Counter((fee.invoice_id, fee.period_on) for fee in fees).values(), default=0) <= 1
    sums: Counter[UUID] = Counter()
    for fee in fees:
        sums[fee.invoice_id] += fee.amount  # type: ignore[assignment]  # a counter of money
    if story.most is not None:
        assert all(total <= story.most for total in sums.values())
    for one, other in pairwise(fees):
        if one.invoice_id == other.invoice_id:
            assert (other.period_on - one.period_on).days >= (story.every_days or 0)

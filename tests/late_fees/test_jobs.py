"""What late fees do by themselves, where one of them fails."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from paidup.invoicing.models import Invoice
from paidup.invoicing.states import InvoiceState
from paidup.late_fees import jobs
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments.models import Payment
from paidup.payments.operations import AllocationRefused, allocate
from paidup.todos.models import Todo
from tests.support.books import Books, found_books

from .fining import amounts, assess, check, document, pay, rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(monkeypatch: pytest.MonkeyPatch) -> Books:
    books = found_books()
    monkeypatch.setattr(clock, "now", lambda: books.at)
    return books


def in_the_way_of(fee: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credit can be put to it."""

    def refuse(*, to: Any = None, **how: Any) -> Any:
        if fee.id in dict(to or ()):
            raise AllocationRefused("Not now")
        return allocate(to=to, **how)

    monkeypatch.setattr("paidup.payments.operations.credit.allocate", refuse)


def test_a_fee_that_cannot_be_taken_back_keeps_no_other_and_a_person_is_told_once(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(books)
    late = [books.invoice(books.customer(name), due_in=-6) for name in ("A", "B", "C")]
    assess(books)
    for invoice in late:
        pay(books, invoice, "100.00", days_ago=1)
    fees = [document(books, invoice) for invoice in late]
    fresh = books.invoice(books.customer("D"), due_in=-6)
    with monkeypatch.context() as hindered:
        in_the_way_of(fees[0], hindered)
        for _ in range(2):
            jobs.run_today(organization_id=str(books.id))
    assert [books.again(fee).state for fee in fees] == [
        InvoiceState.OPEN,
        InvoiceState.PAID,
        InvoiceState.PAID,
    ]
    assert amounts(books, fresh) == [Decimal(10)]
    with tenant(books.id):
        told = Todo.objects.get(subject_id=fees[0].id)
        assert fees[0].number in told.title
        assert told.customer_id == fees[0].customer_id
    check(books)
    jobs.run_today(organization_id=str(books.id))
    assert books.again(fees[0]).state == InvoiceState.PAID
    with tenant(books.id):
        assert Todo.objects.get(subject_id=fees[0].id).done_at
    check(books)


def test_a_payment_for_several_takes_back_what_it_can(
    books: Books, monkeypatch: pytest.MonkeyPatch, work_off: Callable[[], int]
) -> None:
    rule(books)
    parent = books.customer("Parent")
    late = [
        books.invoice(books.customer(name, parent=parent), due_in=-6) for name in ("One", "Two")
    ]
    assess(books)
    fees = [document(books, invoice) for invoice in late]
    to = [(invoice.id, Decimal(100)) for invoice in late]
    with tenant(books.id):
        paying = late[0].customer.parent
    with monkeypatch.context() as hindered:
        in_the_way_of(fees[0], hindered)
        pay(books, late[0], "200.00", days_ago=1, customer=paying, to=to)
        work_off()
    assert [books.again(fee).open_amount for fee in fees] == [Decimal(10), Decimal(0)]
    with tenant(books.id):
        assert Payment.objects.get().unapplied_amount == Decimal(0)
    check(books)

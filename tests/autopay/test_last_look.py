"""Between claim and gateway: a charge is judged again, and made later when its gates open."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from paidup.autopay import operations as autopay
from paidup.autopay.models import Attempt, AttemptState, Interval
from paidup.customers.models import Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Dispute, Invoice
from paidup.invoicing.states import InvoiceState
from paidup.lib.tenancy import tenant
from paidup.organizations.operations import stop_automation
from paidup.payments.models import Intent
from paidup.payments.states import IntentState
from paidup.todos.models import Todo
from tests.autopay.charging import payer, schedule, tick, work
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


def is_stopped(books: Books) -> None:
    stop_automation(organization=books.organization, stopped=True, by=books.by, at=books.at)


def auto_payments_end(books: Books) -> None:
    Customer.objects.update(auto_payments=False)


def schedule_is_removed(books: Books) -> None:
    autopay.remove_schedule(customer=Customer.objects.get(), by=books.by, at=books.at)


def is_promised(books: Books) -> None:
    invoicing.record_promise(
        invoice=Invoice.objects.get(),
        promised_for=books.on,
        on=books.on,
        by=books.by,
        at=books.at,
    )


@pytest.mark.parametrize(
    "meanwhile", [is_stopped, auto_payments_end, schedule_is_removed, is_promised]
)
def test_what_its_gates_no_longer_let_through_is_not_charged(
    meanwhile: Callable[[Books], None],
) -> None:
    books = found_books()
    books.invoice(payer(books), due_in=-1)
    tick(books)
    with tenant(books.id):
        meanwhile(books)
    work(books)
    with tenant(books.id):
        intent = Intent.objects.get()
        assert (intent.state, intent.reason) == (IntentState.CANCELLED, "no_longer_due")
        assert not Todo.objects.filter(kind="autopay_declined").exists(), "nothing was declined"
    assert books.facts(intent) == []
    assert tick(books) == set()


def test_a_charge_that_was_called_off_is_made_once_its_gates_open_again() -> None:
    books = found_books()
    customer = payer(books, interval=Interval.WEEKLY, days=[0])
    disputed = books.invoice(customer, due_in=-1)
    other = books.invoice(customer, due_in=-1)
    tick(books)
    with tenant(books.id):
        dispute = invoicing.open_dispute(
            invoice=disputed, reason="Broken", on=books.on, by=books.by, at=books.at
        )
    work(books)
    books.at += timedelta(days=1)  # past the slot
    assert tick(books) == {other.number}
    work(books)
    assert tick(books) == set()
    with tenant(books.id):
        dispute = Dispute.objects.get(id=dispute.id)
        invoicing.resolve_dispute(dispute=dispute, on=books.on, by=books.by, at=books.at)
    assert tick(books) == {disputed.number}
    work(books)
    assert books.again(disputed).state == InvoiceState.PAID


def test_being_called_off_is_no_decline() -> None:
    books = found_books()
    books.invoice(payer(books, last4="0341"), due_in=-1)
    tick(books)
    with tenant(books.id):
        is_stopped(books)
    work(books)
    with tenant(books.id):
        stop_automation(organization=books.organization, stopped=False, by=books.by, at=books.at)
    tick(books)
    work(books)
    with tenant(books.id):
        retry = Attempt.objects.get(state=AttemptState.RETRY)
    assert (retry.attempt, retry.retry_on) == (2, books.on + timedelta(days=3))


def test_what_a_removed_schedule_would_have_retried_is_none_of_the_next_one() -> None:
    books = found_books()
    customer = payer(books, last4="0341")
    invoice = books.invoice(customer, due_in=-1)
    tick(books)
    work(books)
    with tenant(books.id):
        autopay.remove_schedule(customer=customer, by=books.by, at=books.at)
    books.at += timedelta(days=10)  # a Thursday
    schedule(books, customer, interval=Interval.WEEKLY, days=[4], starts_on=books.on.replace(day=1))
    assert tick(books) == set()
    books.at += timedelta(days=1)
    assert tick(books) == {invoice.number}


def test_a_parent_makes_the_retry_of_a_sub_account_whose_own_schedule_ended() -> None:
    books = found_books()
    parent = payer(books, own_invoices_only=False)
    child = books.customer("Child", parent=parent)
    books.method(child, last4="0341")
    schedule(books, child)
    invoice = books.invoice(child, due_in=-1)
    tick(books)
    work(books)
    with tenant(books.id):
        autopay.remove_schedule(customer=child, by=books.by, at=books.at)
    books.at += timedelta(days=3)
    assert tick(books) == {invoice.number}
    work(books)
    assert books.again(invoice).state == InvoiceState.PAID

"""Charges and refunds whose jobs have all given up are asked about again, and a person is told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from paidup.history.actors import system
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Intent, Payment, Refund
from paidup.payments.operations.stuck import STUCK_AFTER, chase_stuck
from paidup.payments.states import IntentState, RefundState
from paidup.todos import operations as todos
from paidup.todos.models import Todo
from tests.support.books import Books, found_books, jobs_of

pytestmark = pytest.mark.usefixtures("committed")

ASK = "paidup.payments.jobs.ask_about_charge"
SEND = "paidup.payments.jobs.send_refund"
LATE = STUCK_AFTER + timedelta(hours=1)


def sweep(books: Books, *, after: timedelta = LATE) -> None:
    at = books.at + after
    with tenant(books.id):
        chase_stuck(on=books.organization.day(at), by=system("payments"), at=at)


def lose_jobs(books: Books) -> None:
    """As if every one of them had given up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE args->>'organization_id' = %s", [str(books.id)]
        )


def stuck_charge(books: Books) -> Intent:
    customer = books.customer()
    intent = books.claim(customer, books.invoice(customer))
    lose_jobs(books)
    return intent


def test_a_stuck_charge_is_asked_about_and_a_person_told_once() -> None:
    books = found_books()
    intent = stuck_charge(books)
    for _ in range(2):
        sweep(books)
    assert [job["intent_id"] for job in jobs_of(books.id, ASK)] == [str(intent.id)]
    with tenant(books.id):
        todo = Todo.objects.get(kind="charge_stuck", subject_id=intent.id)
        todos.finish_todo(todo=todo, by=books.by, at=books.at)
    sweep(books)
    with tenant(books.id):
        assert Todo.objects.filter(kind="charge_stuck").count() == 1


def test_a_charge_that_is_asked_about_anyway_is_not_asked_about_more_often() -> None:
    books = found_books()
    customer = books.customer()
    books.claim(customer, books.invoice(customer))
    sweep(books)
    assert len(jobs_of(books.id, ASK)) == 1


def test_what_a_stuck_charge_came_to_settles_its_to_do() -> None:
    books = found_books()
    intent = stuck_charge(books)
    sweep(books)
    [arguments] = jobs_of(books.id, ASK)
    payments.ask_gateway(
        organization_id=books.id,
        intent_id=intent.id,
        time=int(arguments["time"]),
        at=books.at + LATE,
    )
    sweep(books)
    with tenant(books.id):
        assert Intent.objects.get().state == IntentState.CANCELLED
        assert not Todo.objects.open().exists()


def test_a_stuck_refund_is_sent_again_and_a_person_told() -> None:
    books = found_books()
    customer = books.customer()
    books.run(books.claim(customer, books.invoice(customer, "80")))
    with tenant(books.id):
        refund = payments.refund_payment(
            payment=Payment.objects.get(),
            amount=Decimal(30),
            credit_invoices=False,
            reason="Sent twice",
            on=books.on,
            by=books.by,
            at=books.at,
        )
    lose_jobs(books)
    for _ in range(2):
        sweep(books)
    assert [job["refund_id"] for job in jobs_of(books.id, SEND)] == [str(refund.id)]
    with tenant(books.id):
        assert Refund.objects.get().state == RefundState.PENDING
        assert Todo.objects.get(kind="refund_stuck").subject_id == refund.id


def test_what_is_young_is_left_to_its_jobs() -> None:
    books = found_books()
    stuck_charge(books)
    sweep(books, after=timedelta(hours=1))
    assert jobs_of(books.id, ASK) == []
    with tenant(books.id):
        assert not Todo.objects.exists()

"""What recurs, and what follows from what others do."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from paidup.cadences.jobs import run_today
from paidup.cadences.models import Cadence, Step
from paidup.cadences.operations import establish_default
from paidup.communications.delivery.claim import Later
from paidup.lib.tenancy import tenant
from paidup.organizations.operations import set_sending_mode, stop_automation
from paidup.organizations.states import SendingMode
from paidup.payments import operations as payments
from paidup.payments.states import PaymentKind
from tests.support.books import Books, found_books
from tests.support.queue import last_job, work_off

from .chasing import chasing_books, messages, run

pytestmark = pytest.mark.django_db


def tick(books: Books, monkeypatch: pytest.MonkeyPatch, at: datetime) -> int:
    """Has the recurring job run at a moment; how many reminders there are then."""
    monkeypatch.setenv("PAIDUP_NOW", at.isoformat())
    run_today(organization_id=str(books.id))
    return len(messages(books))


@pytest.fixture
def books() -> Books:
    """An organization as it is founded, on a Monday; Ann owes."""
    books = found_books()
    with tenant(books.id):
        establish_default(organization=books.organization, by=books.by, at=books.at)
    books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    return books


def test_the_tick_makes_todays_reminders_once(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tick(books, monkeypatch, books.at) == 1
    assert tick(books, monkeypatch, books.at + timedelta(minutes=20)) == 1


def test_automatic_ones_are_made_while_they_may_leave(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant(books.id):
        set_sending_mode(
            organization=books.organization, mode=SendingMode.AUTOMATIC, by=books.by, at=books.at
        )
    for hour, made in ((7, 0), (18, 0), (17, 1)):
        assert tick(books, monkeypatch, books.at.replace(hour=hour)) == made


def test_those_that_ask_first_are_made_at_any_hour(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tick(books, monkeypatch, books.at.replace(hour=23)) == 1


def test_the_switch_stops_the_tick(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant(books.id):
        stop_automation(organization=books.organization, stopped=True, by=books.by, at=books.at)
    assert tick(books, monkeypatch, books.at) == 0


def test_going_automatic_lets_todays_reminders_go(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice(books.customer(email="bob@payer.example"), due_in=-40)
    with tenant(books.id):
        Step.objects.filter(days=30).update(mode="approve_first")
    assert tick(books, monkeypatch, books.at) == 2
    before = last_job()
    with tenant(books.id):
        set_sending_mode(
            organization=books.organization, mode=SendingMode.AUTOMATIC, by=books.by, at=books.at
        )
    monkeypatch.setattr("paidup.communications.delivery.run.claim", _nothing)
    work_off(after=before)
    assert {message.to_address: message.state for message in messages(books)} == {
        "ann@payer.example": "queued",
        "bob@payer.example": "awaiting_approval",  # its step asks first in any case
    }


def test_a_new_organization_is_given_its_cadence() -> None:
    before = last_job()
    books = found_books()
    work_off(after=before)
    with tenant(books.id):
        assert Cadence.objects.get().default


def test_money_withdraws_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    books = chasing_books(automatic=False)
    monkeypatch.setenv("PAIDUP_NOW", books.at.isoformat())
    customer = books.customer(email="ann@payer.example")
    books.invoice(customer, due_in=-7)
    run(books)
    before = last_job()
    with tenant(books.id):
        payments.record_payment(
            customer=customer,
            amount=Decimal("100.00"),
            currency="USD",
            kind=PaymentKind.CHECK,
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )
    monkeypatch.setattr("paidup.communications.delivery.run.claim", _nothing)
    work_off(after=before)
    [message] = messages(books)
    assert message.state == "withdrawn"


def _nothing(*_: object, **__: object) -> object:
    """The receipt stays where it is: there is no mail server here."""
    return Later()

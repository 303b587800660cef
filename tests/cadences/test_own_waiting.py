"""What waits, and what is said, while cadences of people and invoices change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from paidup.cadences.models import LinkAssignment, Reminder, Step
from paidup.cadences.operations import PendingRefused, change_contact_cadence, send_pending
from paidup.cadences.states import Reason, StepMode
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.operations import link_contact
from paidup.lib.tenancy import tenant
from paidup.lifecycle.contacts import merge_contacts
from paidup.todos.models import Todo
from tests.late_fees.fining import assess, document, rule
from tests.support.books import Books

from .chasing import chasing_books, later, messages, only_group, planned, run, sent, why_not
from .test_assignments import add, reminded
from .test_own import ANN, BOB, add_in, give_invoice, give_person, take_out
from .test_rules import _approve, _send

pytestmark = pytest.mark.django_db
WorkOff = Callable[[], int]


@pytest.fixture
def books() -> Books:
    return chasing_books()


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Books:
    """Books in which each reminder waits for approval, on their own day also for jobs."""
    made = chasing_books(automatic=False)
    monkeypatch.setenv("PAIDUP_NOW", made.at.isoformat())
    return made


@pytest.fixture
def customer(books: Books) -> Customer:
    """One with Ann and Bob."""
    made = books.customer(email=ANN)
    books.contact(made, BOB)
    return made


def test_what_has_not_entered_its_cadence_yet_is_said_once(asking: Books) -> None:
    books = asking
    first, second = books.customer(email=ANN), books.customer("Initech")
    books.invoice(first, due_in=-7)
    run(books)
    invoice = books.invoice(second, due_in=-7)
    with tenant(books.id):
        acts: dict[str, Any] = {"by": books.by, "at": books.at}
        place = link_contact(customer=second, contact=Contact.objects.get(), **acts)
        change_contact_cadence(link=place, cadence=add_in(books, "Gentle", 0), **acts)
    named = 0
    for days in range(6):
        day = later(books, days)
        _approve(day)
        _due, mails = _send(day)
        named += sum(invoice.number in text for _address, text in mails)
        run(day)
    assert named == 1
    assert reminded(books, invoice) == [("Gentle", 0)]


def test_what_a_person_sends_is_remembered(books: Books, customer: Customer) -> None:
    books.invoice(customer, due_in=3)
    run(books)
    sent(books)
    day = later(books, 14)
    assert run(day).pending == 1
    invoice = books.invoice(customer, due_in=0)
    with tenant(books.id):
        assert send_pending(customer=customer, by=books.by, at=day.at) == 2
    _due, mails = _send(day)
    assert len(mails) == 2
    assert not any(invoice.number in text for _address, text in mails)


def test_where_all_have_own_ones_it_is_a_decision_once_nobody_can_be_reached(
    books: Books, customer: Customer
) -> None:
    books.invoice(customer, due_in=0)
    first, second = sorted((add(books, "Gentle", 0), add(books, "Firm", 0)), key=lambda one: one.id)
    give_person(books, ANN, first)
    give_person(books, BOB, second)
    with tenant(books.id):
        Contact.objects.filter(email=ANN).update(reminders_refused_at=books.at)
    for days in range(6):
        assert run(later(books, days)).pending == 0, "Bob is reminded"
        sent(later(books, days))
    books.invoice(customer, due_in=6)
    with tenant(books.id):
        Contact.objects.filter(email=BOB).update(reminders_refused_at=books.at)
    assert sum(run(later(books, days)).pending for days in range(6, 12)) == 1


def test_what_is_too_soon_for_somebody_goes_on_waiting_when_the_rest_is_sent(
    books: Books, customer: Customer
) -> None:
    books.invoice(customer, due_in=3)
    give_person(books, ANN, add(books, "Gentle", 0))
    run(books)
    sent(books)
    day = later(books, 14)
    assert run(day).pending == 2
    other = books.customer("Initech")
    with tenant(books.id):
        bob = Contact.objects.get(email=BOB)
        link_contact(customer=other, contact=bob, by=books.by, at=books.at)
    books.invoice(other, due_in=14)
    run(day)
    sent(day)
    with tenant(books.id):
        assert send_pending(customer=customer, by=books.by, at=day.at) == 1, "to Ann"
        left = Reminder.objects.get(state="pending")
        assert left.step.cadence.name == "Standard"
        assert Todo.objects.open().count() == 1
        with pytest.raises(PendingRefused, match="reminded a short while ago"):
            send_pending(customer=customer, by=books.by, at=day.at + timedelta(hours=1))
    day = later(day, 2)
    with tenant(books.id):
        assert send_pending(customer=customer, by=books.by, at=day.at) == 1, "to Bob"
        assert not Todo.objects.open().exists()


def test_what_waits_is_taken_back_where_who_is_merged_goes_by_another(
    asking: Books, work_off: WorkOff
) -> None:
    books = asking
    customer = books.customer(email=ANN)
    bob = books.contact(customer, BOB)
    give_person(books, ANN, add(books, "Gentle", 0))
    books.invoice(customer, due_in=-7)
    with tenant(books.id):
        ann = Contact.objects.get(email=ANN)
        Contact.objects.filter(email=ANN).update(email="")
    assert run(books).messages == 1, "to Bob"
    with tenant(books.id):
        Contact.objects.filter(id=ann.id).update(email=ANN)
    work_off()
    with tenant(books.id):
        merge_contacts(into=ann.id, others=[bob.id], by=books.by, at=books.at)
        assert LinkAssignment.objects.get().link.contact_id == ann.id
    work_off()
    [message] = messages(books)
    assert message.contact_id == ann.id
    assert (message.state, message.failure) == ("withdrawn", "The cadence was changed.")
    with tenant(books.id):
        assert not Todo.objects.open().exists()


def test_a_late_fee_stays_unsaid_with_its_invoice(books: Books, customer: Customer) -> None:
    out, other = books.invoice(customer, due_in=-20), books.invoice(customer, due_in=-7)
    rule(books)
    assess(books)
    fee = document(books, out)
    take_out(books, out)
    day = later(books, 14)
    run(day)
    _due, mails = _send(day)
    assert [other.number in text for _address, text in mails] == [True, True]
    assert not any(
        number in text for _address, text in mails for number in (out.number, fee.number)
    )
    assert why_not(day) == {Reason.NO_CADENCE: 2, Reason.ALREADY: 1, Reason.BESIDE: 1}


def test_what_is_to_be_asked_first_is_asked_whichever_step_speaks(
    books: Books, customer: Customer
) -> None:
    careful = books.invoice(customer, due_in=-7)
    books.invoice(customer, due_in=-14)
    firm = add(books, "Firm", 7)
    with tenant(books.id):
        Step.objects.filter(cadence=firm).update(mode=StepMode.APPROVE_FIRST)
    give_invoice(books, careful, firm)
    assert [group.step_days for group in planned(books).will_send] == [14, 14]
    run(books)
    assert {message.state for message in messages(books)} == {"awaiting_approval"}


def test_what_is_to_be_asked_first_joins_no_message_about_which_nobody_was(
    books: Books, customer: Customer
) -> None:
    books.invoice(customer, due_in=-14)
    careful = books.invoice(customer, due_in=-6)
    firm = add(books, "Firm", 7)
    with tenant(books.id):
        Step.objects.filter(cadence=firm).update(mode=StepMode.APPROVE_FIRST)
    give_invoice(books, careful, firm)
    run(books)
    day = later(books, 1)
    run(day)
    _due, mails = _send(day)
    assert [careful.number in text for _address, text in mails] == [False, False]
    day = later(books, 3)
    assert run(day).messages == 2
    assert {message.state for message in messages(day)} == {"sent", "awaiting_approval"}


def test_what_is_left_out_at_the_last_look_was_not_said(books: Books) -> None:
    customers = [books.customer(name, email=ANN) for name in ("Globex", "Initech")]
    kept, left_out = (books.invoice(customer, due_in=-7) for customer in customers)
    run(books)
    assert len(messages(books)) == 1
    with tenant(books.id):
        link = ContactLink.objects.get(customer=customers[1])
        ContactLink.objects.filter(id=link.id).update(gets_reminders=False)
    _due, [(_address, text)] = _send(books)
    assert (kept.number in text, left_out.number in text) == (True, False)
    assert reminded(books, kept) == [("Standard", 7)]
    assert reminded(books, left_out) == []
    with tenant(books.id):
        ContactLink.objects.filter(id=link.id).update(gets_reminders=True)
    day = later(books, 2)
    assert [item.number for item in only_group(day).due] == [left_out.number]

"""What pages read of cadences."""

import pytest

from paidup.cadences import queries
from paidup.cadences.states import Reason
from paidup.lib.tenancy import tenant
from tests.support.books import Books

from .chasing import change, chasing_books, later, run, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return chasing_books()


def test_the_cadence_with_what_came_of_its_steps(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    late, _due = books.invoice(customer, due_in=-14), books.invoice(customer, due_in=0)
    held = books.invoice(books.customer("Initech"), due_in=-7)
    change(books, held, hold="returned")
    run(books)
    with tenant(books.id):
        [view] = queries.cadences(books.organization)
        assert (view.running, view.paused) == (2, 1)
        assert [step.step.days for step in view.steps] == [-3, 0, 7, 14, 30]
        assert [step.waiting for step in view.steps] == [0, 1, 0, 1, 0]
    sent(books)
    with tenant(books.id):
        [view] = queries.cadences(books.organization)
        assert [step.messages_sent for step in view.steps] == [0, 1, 0, 1, 0]
        [reminder] = queries.reminders_of_invoice(books.organization, late.id)
        assert reminder.step.template.name == "14 days late"
        assert reminder.contact
        assert reminder.contact.email == "ann@payer.example"


def test_what_is_not_sent_is_paged_by_customer_and_chosen_by_reason(books: Books) -> None:
    for name in ("Zeta", "Alpha", "Mid"):
        customer = books.customer(name, email=f"{name}@payer.example")
        books.invoice(customer, due_in=90)
    nobody = books.invoice(books.customer("Beta"), due_in=-7)
    with tenant(books.id):
        everything = queries.not_sent(books.organization, on=books.on)
        assert [one.customer for one in everything] == ["Alpha", "Beta", "Mid", "Zeta"]
        last = everything[1]
        rest = queries.not_sent(
            books.organization, on=books.on, after=(last.customer, last.invoice_id), limit=1
        )
        assert [one.customer for one in rest] == ["Mid"]
        [one] = queries.not_sent(books.organization, on=books.on, reason=Reason.NO_CONTACT)
        assert (one.invoice_id, one.reason) == (nobody.id, Reason.NO_CONTACT)


def test_the_preview_holds_the_plan_and_a_page_of_the_rest(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    books.invoice(customer, due_in=-7)
    books.invoice(customer, due_in=90)
    with tenant(books.id):
        found = queries.preview(books.organization, on=books.on)
        assert found.templates[found.plan.will_send[0].step_id] == "7 days late"
        assert [one.reason for one in found.not_sent] == [Reason.NOT_DUE]
        assert found.sending_mode == "automatic"


def test_a_customer_record_says_why_nobody_is_reminded(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    late, early = books.invoice(customer, due_in=-7), books.invoice(customer, due_in=90)
    books.invoice(books.customer("Initech"), due_in=-7)
    run(books)
    sent(books)
    day = later(books, 1)
    with tenant(books.id):
        found = queries.why_not(books.organization, customer_id=customer.id, on=day.on)
    assert found == {late.id: Reason.ALREADY, early.id: Reason.NOT_DUE}

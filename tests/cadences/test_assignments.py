"""Which cadence a customer has, and what follows for its invoices and for what waits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from paidup.cadences import queries
from paidup.cadences.models import Assignment, Cadence, Enrolment, Reminder, Step
from paidup.cadences.operations import (
    CadenceRefused,
    add_cadence,
    change_cadences,
    edit_step,
    make_default,
    remove_cadence,
    remove_cadences,
    remove_step,
    skip_pending,
)
from paidup.cadences.operations.steps import StepDetails
from paidup.cadences.states import Reason
from paidup.communications.delivery import deliver_one
from paidup.communications.models import Message
from paidup.customers.models import Customer
from paidup.history.models import Event
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.todos.models import Todo
from tests.support.books import Books

from .chasing import change, chasing_books, later, messages, only_group, planned, run, sent, why_not
from .test_rules import Delivered

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


def add(books: Books, name: str = "Gentle", *days: int) -> Cadence:
    """A cadence of the standard's steps, or of those among them that come on these days."""
    with tenant(books.id):
        standard = Cadence.objects.get(default=True)
        cadence = add_cadence(name=name, copy_of=standard, by=books.by, at=books.at)
        for step in Step.objects.filter(cadence=cadence).exclude(days__in=days) if days else ():
            remove_step(step=step, by=books.by, at=books.at)
    return cadence


def give(books: Books, cadence: Cadence | None, *customers: Customer) -> set[str]:
    with tenant(books.id):
        ids = [customer.id for customer in customers]
        changed = change_cadences(customer_ids=ids, cadence=cadence, by=books.by, at=books.at)
        return {customer.name for customer in customers if customer.id in changed}


def remove(books: Books, *customers: Customer) -> int:
    with tenant(books.id):
        ids = [customer.id for customer in customers]
        return len(remove_cadences(customer_ids=ids, by=books.by, at=books.at))


def standard(books: Books) -> Cadence:
    with tenant(books.id):
        return Cadence.objects.get(name="Standard")


def reminded(books: Books, invoice: Invoice) -> list[tuple[str, int]]:
    """The cadence and the day of each step that was sent."""
    with tenant(books.id):
        rows = Reminder.objects.filter(invoice=invoice, message__state="sent")
        steps = rows.order_by("made_on", "id").values_list("step__cadence__name", "step__days")
        return list(steps)


def states(books: Books, invoice: Invoice) -> dict[str, str]:
    with tenant(books.id):
        rows = Enrolment.objects.filter(invoice=invoice)
        return dict(rows.values_list("cadence__name", "state"))


def test_each_customer_is_chased_by_its_own_cadence(books: Books) -> None:
    own, default = books.customer(email="ann@payer.example"), books.customer("Initech")
    books.contact(default, "bob@payer.example")
    for customer in (own, default):
        books.invoice(customer, due_in=-8)
    give(books, add(books, "Gentle", 0, 30), own)
    steps = {group.address: group.step_days for group in planned(books).will_send}
    assert steps == {"ann@payer.example": 0, "bob@payer.example": 7}
    assert run(books).messages == 2
    assert run(books).messages == 0
    with tenant(books.id):
        names = queries.names_of([own.id, default.id])
        assert names == {own.id: "Gentle", default.id: "Standard"}


def test_the_mail_to_a_person_of_two_cadences_is_one_by_the_most_advanced_step(
    books: Books,
) -> None:
    customers = [books.customer(name, email="ann@payer.example") for name in ("Globex", "Initech")]
    gentle = add(books, "Gentle", 14)
    with tenant(books.id):
        Step.objects.standing().filter(cadence=gentle).update(mode="approve_first")
    give(books, gentle, customers[0])
    for customer in customers:
        books.invoice(customer, due_in=-14)
    books.invoice(customers[1], due_in=-8)
    group = only_group(books)
    assert len(group.items) == 3
    with tenant(books.id):
        assert Step.objects.get(id=group.step_id).days == 14
    run(books)
    assert len(messages(books)) == 1


def test_who_has_no_cadence_is_not_reminded_whatever_becomes_the_default(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    invoice = books.invoice(customer, due_in=-7)
    assert remove(books, customer) == 1
    assert remove(books, customer) == 0
    assert why_not(books) == {Reason.NO_CADENCE: 1}
    change(books, invoice, hold="returned")
    assert why_not(books) == {Reason.NO_CADENCE: 1}, "this reason says most"
    change(books, invoice, hold="")
    gentle = add(books)
    with tenant(books.id):
        make_default(cadence=gentle, by=books.by, at=books.at)
        assert queries.names_of([customer.id]) == {}
    assert run(books).messages == 0
    with tenant(books.id):
        [event] = Event.objects.filter(kind="customer.cadences_removed")
        assert event.customer_id == customer.id
        assert event.data["changes"] == {"cadence": ["Standard", ""]}
    give(books, None, customer)
    assert run(books).messages == 1


def test_another_cadence_is_entered_at_the_latest_step_of_the_invoices_age(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    invoice = books.invoice(customer, due_in=-7)
    run(books)
    sent(books)
    day = later(books, 2)
    give(day, add(books, "Gentle", 0, 30), customer)
    assert only_group(day).step_days == 0
    run(day)
    sent(day)
    assert reminded(books, invoice) == [("Standard", 7), ("Gentle", 0)]
    assert states(books, invoice) == {"Standard": "left", "Gentle": "running"}
    for days in range(3, 40):
        run(later(books, days))
        sent(later(books, days))
    assert reminded(books, invoice)[2:] == [("Gentle", 30)]


def test_to_and_fro_nothing_is_said_twice(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    invoice = books.invoice(customer, due_in=3)
    gentle = add(books)
    days = {}
    for day in range(60):
        today = later(books, day)
        give(today, gentle if day % 5 < 2 else None, customer)
        run(today)
        if sent(today):
            days[day] = reminded(books, invoice)[-1]
    assert len(set(days.values())) == len(days), "each step of each cadence once"
    assert max(step for step in days.values() if step[0] == "Standard") == ("Standard", 30)
    assert (
        min(after - before for before, after in zip(list(days), list(days)[1:], strict=False)) > 1
    )


def test_paid_elsewhere_and_reopened_it_begins_anew(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    invoice = books.invoice(customer, due_in=-7)
    run(books)
    give(books, add(books), customer)
    run(books)
    with tenant(books.id):
        Invoice.objects.filter(id=invoice.id).update(state="paid", open_amount=0)
    run(books)
    assert states(books, invoice) == {"Standard": "stopped", "Gentle": "stopped"}


def test_what_waits_of_the_old_cadence_is_withdrawn_and_made_anew(
    asking: Books, work_off: WorkOff
) -> None:
    books = asking
    customer = books.customer(email="ann@payer.example")
    books.invoice(customer, due_in=-7)
    run(books)
    give(books, add(books, "Gentle", 0), customer)
    work_off()
    [message] = messages(books)
    assert (message.state, message.failure) == ("withdrawn", "The cadence was changed.")
    with tenant(books.id):
        assert not Todo.objects.open().exists()
        assert not Reminder.objects.exists(), "nobody was reminded"
    assert run(books).messages == 0, "on the same day nothing more goes to this person"
    day = later(books, 1)
    assert run(day).messages == 1
    give(day, None, customer)
    assert run(day).withdrawn == 1
    assert run(later(books, 2)).messages == 1, "the standard's step was never sent"


def test_of_a_mail_about_several_customers_the_rest_stays(asking: Books, work_off: WorkOff) -> None:
    books = asking
    customers = [books.customer(name, email="ann@payer.example") for name in ("Globex", "Initech")]
    invoices = [books.invoice(customer, due_in=-7) for customer in customers]
    run(books)
    remove(books, customers[0])
    work_off()
    [message] = messages(books)
    assert message.state == "awaiting_approval"
    with tenant(books.id):
        assert Reminder.objects.get().invoice_id == invoices[1].id


def test_the_last_look_withdraws_what_nobody_took_back_yet(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    books.invoice(customer, due_in=-7)
    run(books)
    remove(books, customer)
    [message] = messages(books)
    deliver_one(books.id, message.id, post=Delivered(), now=lambda: books.at)
    [message] = messages(books)
    assert (message.state, message.failure) == ("withdrawn", "Nothing is left to remind of.")


def test_what_waits_for_a_persons_decision_goes_with_the_cadence(
    books: Books, work_off: WorkOff
) -> None:
    customer = books.customer(email="ann@payer.example")
    books.invoice(customer, due_in=3)
    run(books)
    sent(books)
    day = later(books, 14)
    assert run(day).pending == 1
    remove(day, customer)
    work_off()
    with tenant(books.id):
        assert not Todo.objects.open().exists()
        assert skip_pending(customer=customer, by=books.by, at=day.at) == 0
    run(day)
    give(day, None, customer)
    assert only_group(day).step_days == 7, "it enters anew, so it is not late"


def test_the_default_is_for_whoever_has_none_assigned(books: Books) -> None:
    follows, pinned = books.customer(email="ann@payer.example"), books.customer("Initech")
    gentle = add(books, "Gentle", 0)
    give(books, standard(books), pinned)
    with tenant(books.id):
        make_default(cadence=gentle, by=books.by, at=books.at)
        names = queries.names_of([follows.id, pinned.id])
        assert names == {follows.id: "Gentle", pinned.id: "Standard"}
        for cadence_id, customer in (
            (gentle.id, follows),
            (standard(books).id, pinned),
        ):
            assert Customer.objects.get(queries.having(cadence_id)) == customer
        assert not Customer.objects.filter(queries.having(None)).exists()
    remove(books, pinned)
    with tenant(books.id):
        assert Customer.objects.get(queries.having(None)) == pinned
        assert Customer.objects.get(queries.having(gentle.id)) == follows


def test_many_change_with_one_event_each(books: Books) -> None:
    customers = [books.customer(name) for name in ("Globex", "Initech", "Hooli")]
    gentle = add(books)
    assert give(books, gentle, customers[0]) == {"Globex"}
    assert give(books, gentle, *customers) == {"Initech", "Hooli"}
    with tenant(books.id):
        events = Event.objects.filter(kind="customer.cadence_changed")
        assert sorted(str(event.customer_id) for event in events) == sorted(
            str(customer.id) for customer in customers
        )
        assert {tuple(event.data["changes"]["cadence"]) for event in events} == {
            ("Standard", "Gentle")
        }


def test_an_assigned_cadence_and_the_default_one_are_not_removed(books: Books) -> None:
    customer, gentle = books.customer(), add(books)
    give(books, gentle, customer)
    with tenant(books.id):
        with pytest.raises(CadenceRefused, match="Customers are assigned to Gentle"):
            remove_cadence(cadence=gentle, by=books.by, at=books.at)
        with pytest.raises(CadenceRefused, match="Make another one the default first"):
            remove_cadence(cadence=standard(books), by=books.by, at=books.at)
        with pytest.raises(DatabaseError, match="default_cadence_stands"), transaction.atomic():
            Cadence.objects.filter(default=True).update(removed_at=books.at)
    give(books, None, customer)
    with tenant(books.id):
        remove_cadence(cadence=gentle, by=books.by, at=books.at)
    with pytest.raises(CadenceRefused, match="removed meanwhile"):
        give(books, gentle, customer)
    with tenant(books.id):
        assert not Assignment.objects.exists()
        assert add_cadence(name="gentle", copy_of=gentle, by=books.by, at=books.at).name == "gentle"


def test_a_step_that_moves_is_not_said_again(books: Books) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    run(books)
    sent(books)
    with tenant(books.id):
        step = Step.objects.select_related("template").get(days=7)
        details = StepDetails(days=20, template=step.template)
        edit_step(step=step, details=details, by=books.by, at=books.at)
    for days in range(1, 30):
        run(later(books, days))
        sent(later(books, days))
    assert reminded(books, invoice) == [("Standard", 20), ("Standard", 30)]


def test_what_waits_of_a_step_that_moves_away_comes_on_its_new_day(
    asking: Books, work_off: WorkOff
) -> None:
    books = asking
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    run(books)
    with tenant(books.id):
        step = Step.objects.select_related("template").get(days=7)
        details = StepDetails(days=9, template=step.template)
        edit_step(step=step, details=details, by=books.by, at=books.at)
    work_off()
    assert messages(books)[0].state == "withdrawn"
    for days in range(1, 5):
        run(later(books, days))
        sent(later(books, days))
    assert ("Standard", 9) in reminded(books, invoice)


def test_a_removed_step_takes_what_waits_of_it_along(asking: Books, work_off: WorkOff) -> None:
    books = asking
    books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    run(books)
    with tenant(books.id):
        remove_step(step=Step.objects.get(days=7), by=books.by, at=books.at)
    work_off()
    assert messages(books)[0].state == "withdrawn"
    assert only_group(later(books, 1)).step_days == 0


def test_a_reminder_under_way_is_not_taken_back(books: Books, work_off: WorkOff) -> None:
    customer = books.customer(email="ann@payer.example")
    books.invoice(customer, due_in=-7)
    run(books)
    with tenant(books.id):
        Message.objects.update(state="sending", sending_at=books.at + timedelta(minutes=1))
    remove(books, customer)
    work_off()
    with tenant(books.id):
        assert Reminder.objects.count() == 1

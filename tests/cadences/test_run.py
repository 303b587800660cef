"""The day's run: what it makes, once, and how an invoice makes its way through the cadence."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from paidup.cadences.models import Cadence, Enrolment, Reminder, Step
from paidup.cadences.operations import (
    PendingRefused,
    Run,
    establish_default,
    send_pending,
    skip_pending,
    withdraw_settled,
)
from paidup.cadences.states import Reason
from paidup.communications import blocks as say
from paidup.communications.blocks import Button, InvoiceTable, Paragraph
from paidup.communications.models import Message, MessageTemplate
from paidup.communications.operations import withdraw_message
from paidup.customers.models import Contact
from paidup.history.models import Event
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Payment
from paidup.payments.states import PaymentKind
from paidup.todos.models import Todo
from tests.support.books import Books

from .chasing import (
    change,
    chasing_books,
    later,
    messages,
    only_group,
    planned,
    run,
    sent,
    why_not,
)

pytestmark = pytest.mark.django_db
NOTHING = Run(0, 0, 0, 0)


@pytest.fixture
def books() -> Books:
    return chasing_books()


def pay(books: Books, invoice: Invoice, amount: str = "") -> None:
    with tenant(books.id):
        fresh = Invoice.objects.select_related("customer").get(id=invoice.id)
        payments.record_payment(
            customer=fresh.customer,
            amount=Decimal(amount or fresh.open_amount),
            currency=fresh.currency,
            kind=PaymentKind.WIRE,
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )


def enrolment(books: Books, invoice: Invoice) -> Enrolment:
    with tenant(books.id):
        return Enrolment.objects.get(invoice_id=invoice.id)


def steps_of(books: Books, invoice: Invoice) -> list[int]:
    with tenant(books.id):
        rows = Reminder.objects.filter(invoice_id=invoice.id).order_by("id")
        return list(rows.values_list("step__days", flat=True))


def kinds(books: Books) -> list[str]:
    with tenant(books.id):
        return sorted(Todo.objects.open().values_list("kind", flat=True))


def test_the_default_cadence_is_established_once(books: Books) -> None:
    with tenant(books.id):
        again = establish_default(organization=books.organization, by=books.by, at=books.at)
        assert again == Cadence.objects.get()
        days = list(Step.objects.values_list("days", flat=True))
        assert days == [-3, 0, 7, 14, 30]
        assert MessageTemplate.objects.count() == 5


def test_a_run_makes_one_message_and_a_second_run_none(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    late, due = books.invoice(customer, due_in=-14), books.invoice(customer, due_in=0)
    assert run(books) == Run(messages=1, reminders=2, pending=0, withdrawn=0)
    assert run(books) == NOTHING
    [message] = messages(books)
    assert message.state == "queued"
    assert message.reminder_on == books.on
    assert message.subject == "Second reminder: INV-00001, $100.00"
    assert {file["id"] for file in message.attachments} == {str(late.id), str(due.id)}
    first, table, button, last = say.from_json(message.blocks)
    assert isinstance(first, Paragraph)
    assert "Dear Ann" in first.text
    assert isinstance(table, InvoiceTable)
    assert [(row.number, row.status) for row in table.rows] == [
        (late.number, "14 days overdue"),
        (due.number, "Due today"),
    ]
    assert button == Button("Pay the balance", "")
    assert isinstance(last, Paragraph)
    assert last.text.endswith("Acme")
    with tenant(books.id):
        [event] = Event.objects.filter(kind="cadence.ran")
        assert event.data["messages"] == 1
        assert Event.objects.filter(kind="message.queued", customer_id=customer.id).count() == 1


def test_in_approve_first_each_message_waits_for_a_person() -> None:
    books = chasing_books(automatic=False)
    books.invoice(books.customer(email="ann@payer.example"), due_in=-14)
    assert run(books).messages == 1
    [message] = messages(books)
    assert message.state == "awaiting_approval"
    assert kinds(books) == ["message_approval"]
    assert run(later(books, 1)) == NOTHING, "it waits, and nothing else is made meanwhile"


def test_a_step_may_ask_first_in_an_automatic_organization(books: Books) -> None:
    with tenant(books.id):
        Step.objects.filter(days=30).update(mode="approve_first")
    books.invoice(books.customer(email="ann@payer.example"), due_in=-40)
    books.invoice(books.customer(email="bob@payer.example"), due_in=-7)
    run(books)
    assert sorted(message.state for message in messages(books)) == ["awaiting_approval", "queued"]


def test_an_invoice_goes_through_its_steps_once_each(books: Books) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=10)
    reminded = {}
    for day in range(60):
        today = later(books, day)
        if run(today).messages:
            reminded[(today.on - invoice.due_on).days] = steps_of(books, invoice)[-1]
        sent(today)
    assert reminded == {-3: -3, 0: 0, 7: 7, 14: 14, 30: 30}


def test_days_without_a_run_skip_nothing_but_what_has_become_too_old(books: Books) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=3)
    run(books)
    sent(books)
    for day in (5, 12, 40):  # the worker was away in between
        run(later(books, day))
        sent(later(books, day))
    assert steps_of(books, invoice) == [-3, 0, 7, 30]


def test_what_was_not_sent_in_time_is_left_to_a_person(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    invoice = books.invoice(customer, due_in=3)
    run(books)
    sent(books)
    day = later(books, 3 + 7 + 4)
    assert why_not(day) == {Reason.LATE: 1}
    assert run(day) == Run(messages=0, reminders=0, pending=1, withdrawn=0)
    assert kinds(books) == ["reminders_pending"]
    assert run(day) == NOTHING
    with tenant(books.id):
        assert send_pending(customer=customer, by=books.by, at=day.at) == 1
    assert kinds(books) == []
    [_first, message] = messages(books)
    assert (message.state, message.automatic) == ("queued", False)
    assert steps_of(books, invoice) == [-3, 7]
    sent(day)
    assert only_group(later(day, 4)).step_days == 14, "the next step comes as ever"


def test_pending_reminders_are_skipped_or_refused_with_the_reason(books: Books) -> None:
    customer = books.customer()
    contact = books.contact(customer, "ann@payer.example")
    with tenant(books.id):
        Contact.objects.filter(id=contact.id).update(email="")
    books.invoice(customer, due_in=-7)
    assert run(books) == NOTHING
    assert run(later(books, 3)) == NOTHING
    day = later(books, 4)
    assert why_not(day) == {Reason.NO_ADDRESS: 1}
    assert run(day).pending == 1
    with tenant(books.id):
        with pytest.raises(PendingRefused, match="no e-mail address"):
            send_pending(customer=customer, by=books.by, at=day.at)
        assert skip_pending(customer=customer, by=books.by, at=day.at) == 1
        assert skip_pending(customer=customer, by=books.by, at=day.at) == 0
    assert kinds(books) == []
    assert why_not(day) == {Reason.ALREADY: 1}


def test_days_without_sending_are_no_delay() -> None:
    books = chasing_books(days=range(1))  # Mondays only; the books' day is one
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=4)
    run(books)
    for day in range(1, 8):
        run(later(books, day))
    assert steps_of(books, invoice) == [-3], "on Tuesday, for the Monday after"
    [message] = messages(books)
    assert message.send_after == (books.at + timedelta(days=7)).replace(hour=0, minute=0)
    assert message.reminder_on == books.on + timedelta(days=7)


def test_after_a_pause_it_goes_on_where_its_age_is(books: Books) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=0)
    run(books)
    sent(books)
    change(books, invoice, promised_until=books.on + timedelta(days=16))  # and two days' grace
    for days in range(1, 19):
        run(later(books, days))
    assert enrolment(books, invoice).state == "paused"
    day = later(books, 19)
    assert run(day).messages == 1
    assert steps_of(books, invoice) == [0, 14]
    assert enrolment(books, invoice).entered_on == day.on


def test_a_step_done_before_a_pause_is_not_done_again(books: Books) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    run(books)
    sent(books)
    change(books, invoice, hold="returned")
    run(later(books, 3))
    change(books, invoice, hold="")
    assert run(later(books, 4)).messages == 0


def test_a_paid_invoice_leaves_and_a_reopened_one_begins_anew(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    invoice = books.invoice(customer, due_in=-7)
    run(books)
    sent(books)
    pay(books, invoice)
    day = later(books, 3)
    assert run(day) == NOTHING
    assert enrolment(books, invoice).state == "stopped"
    with tenant(books.id):
        payments.reverse_payment(
            payment=Payment.objects.get(),
            reason="Bounced",
            hold=Hold.REVERSED,
            on=day.on,
            by=books.by,
            at=day.at,
        )
    assert why_not(day) == {Reason.HELD: 1}
    run(day)
    assert (enrolment(books, invoice).state, enrolment(books, invoice).cycle) == ("paused", 2)
    with tenant(books.id):
        invoicing.release_invoice(invoice=invoice, by=books.by, at=day.at)
    assert run(day).messages == 1
    assert steps_of(books, invoice) == [7, 7], "once in each cycle"


def test_what_is_paid_while_it_waits_is_withdrawn() -> None:
    books = chasing_books(automatic=False)
    customer = books.customer(email="ann@payer.example")
    invoice = books.invoice(customer, due_in=-7)
    books.invoice(customer, due_in=60)
    run(books)
    with tenant(books.id):
        assert withdraw_settled(customer=customer, by=books.by, at=books.at) == 0
    pay(books, invoice)
    with tenant(books.id):
        assert withdraw_settled(customer=customer, by=books.by, at=books.at) == 1
    [message] = messages(books)
    assert (message.state, message.failure) == ("withdrawn", "Nothing is left to remind of.")
    assert kinds(books) == []


def test_the_run_withdraws_what_was_settled_without_a_word() -> None:
    books = chasing_books(automatic=False)
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    run(books)
    change(books, invoice, hold="returned")
    assert run(books) == Run(messages=0, reminders=0, pending=0, withdrawn=1)


def test_a_withdrawn_message_is_not_made_again(books: Books) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    run(books)
    with tenant(books.id):
        withdraw_message(
            message=Message.objects.get(), reason="Called them.", by=books.by, at=books.at
        )
    assert run(books) == NOTHING
    assert run(later(books, 7)).messages == 1
    assert steps_of(books, invoice) == [7, 14]


def test_a_template_with_a_gap_stops_its_messages_and_says_so(books: Books) -> None:
    with tenant(books.id):
        MessageTemplate.objects.filter(name="7 days late").update(body="{{ contact.nickname }}")
    books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    books.invoice(books.customer(email="bob@payer.example"), due_in=-14)
    assert run(books).messages == 1
    assert kinds(books) == ["template_refused"]
    run(books)
    assert kinds(books) == ["template_refused"]


def test_several_people_are_each_reminded_once(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    books.contact(customer, "bob@payer.example")
    invoice = books.invoice(customer, due_in=-7)
    assert run(books) == Run(messages=2, reminders=2, pending=0, withdrawn=0)
    assert steps_of(books, invoice) == [7, 7]
    assert run(books) == NOTHING


def test_a_message_to_many_is_about_each_customer(books: Books) -> None:
    customers = [books.customer(name, email="ann@payer.example") for name in ("Globex", "Initech")]
    for customer in customers:
        books.invoice(customer, due_in=-7)
    run(books)
    for customer in customers:
        with tenant(books.id):
            assert Message.objects.about_customer(customer.id).count() == 1
    [message] = messages(books)
    titles = [
        block.title for block in say.from_json(message.blocks) if isinstance(block, InvoiceTable)
    ]
    assert titles == ["Globex · USD", "Initech · USD"]


def test_a_very_long_list_is_cut_but_summed_up(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    for _number in range(103):
        books.invoice(customer, "10.00", due_in=-7)
    run(books)
    [message] = messages(books)
    [table] = [b for b in say.from_json(message.blocks) if isinstance(b, InvoiceTable)]
    assert (len(table.rows), table.left_out, table.total) == (100, 3, Decimal(1030))
    assert len(message.attachments) == 20


def test_another_day_is_planned_from_todays_books(books: Books) -> None:
    books.invoice(books.customer(email="ann@payer.example"), due_in=10)
    assert planned(books).will_send == ()
    assert len(planned(replace(books, at=books.at + timedelta(days=7))).will_send) == 1


def test_invoices_of_another_organization_stay_out(books: Books) -> None:
    other = chasing_books()
    invoice = other.invoice(other.customer(email="ann@payer.example"), due_in=-7)
    run(books)
    assert messages(books) == []
    assert _enrolled(other) == []
    run(other)
    assert _enrolled(other) == [invoice.id]


def _enrolled(books: Books) -> list[UUID]:
    with tenant(books.id):
        return list(Enrolment.objects.values_list("invoice_id", flat=True))

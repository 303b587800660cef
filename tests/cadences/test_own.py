"""Own cadences of people and of invoices, beside the customer's."""

from collections.abc import Callable
from typing import Any

import pytest

from paidup.cadences import queries
from paidup.cadences.assigned import Assigned, of_invoice, of_links
from paidup.cadences.models import Cadence, InvoiceAssignment, LinkAssignment, Reminder
from paidup.cadences.operations import (
    CadenceRefused,
    change_contact_cadence,
    change_invoice_cadence,
    make_default,
    remove_cadence,
    remove_invoice_cadence,
)
from paidup.cadences.states import Origin, Reason
from paidup.communications.delivery import deliver_one
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.operations import edit_contact, unlink_contact
from paidup.history.models import Event
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.todos.models import Todo
from tests.support.books import Books

from .chasing import change, chasing_books, later, messages, only_group, planned, run, sent, why_not
from .test_assignments import add, give, reminded, remove, standard, states
from .test_rules import Delivered

pytestmark = pytest.mark.django_db
WorkOff = Callable[[], int]

ANN, BOB = "ann@payer.example", "bob@payer.example"


@pytest.fixture
def books() -> Books:
    return chasing_books()


@pytest.fixture
def customer(books: Books) -> Customer:
    """One with Ann and Bob."""
    made = books.customer(email=ANN)
    books.contact(made, BOB)
    return made


def give_invoice(books: Books, invoice: Invoice, cadence: Cadence | None) -> None:
    with tenant(books.id):
        change_invoice_cadence(invoice=invoice, cadence=cadence, by=books.by, at=books.at)


def take_out(books: Books, invoice: Invoice) -> None:
    with tenant(books.id):
        remove_invoice_cadence(invoice=invoice, by=books.by, at=books.at)


def give_person(books: Books, email: str, cadence: Cadence | None) -> None:
    with tenant(books.id):
        link = ContactLink.objects.get(contact__email=email)
        change_contact_cadence(link=link, cadence=cadence, by=books.by, at=books.at)


def steps(books: Books) -> dict[str, int]:
    """Who would be reminded, by which day's step."""
    return {group.address: group.step_days for group in planned(books).will_send}


def test_an_invoices_own_wins_over_the_customers(books: Books, customer: Customer) -> None:
    own, other = books.invoice(customer, due_in=-8), books.invoice(customer, due_in=-8)
    give_invoice(books, own, add(books, "Gentle", 0, 30))
    assert [group.step_days for group in planned(books).will_send] == [7, 7]
    run(books)
    sent(books)
    assert {*reminded(books, own)} == {("Gentle", 0)}
    assert {*reminded(books, other)} == {("Standard", 7)}
    assert states(books, own) == {"Gentle": "running"}
    give(books, standard(books), customer)
    with tenant(books.id):
        assert of_invoice(own) == Assigned("Gentle", Origin.OWN)
        assert of_invoice(other) == Assigned("Standard", Origin.CUSTOMER)


def test_a_persons_own_is_for_that_person_beside_the_others(
    books: Books, customer: Customer
) -> None:
    invoice = books.invoice(customer, due_in=-8)
    give_person(books, ANN, add(books, "Gentle", 0, 30))
    assert steps(books) == {ANN: 0, BOB: 7}
    plan = planned(books)
    assert (plan.invoices_reminded, plan.invoices_not_sent) == (1, 0), "counted once"
    run(books)
    sent(books)
    assert sorted(reminded(books, invoice)) == [("Gentle", 0), ("Standard", 7)]
    assert why_not(later(books, 3)) == {Reason.ALREADY: 1}
    day = later(books, 6)
    run(day)
    sent(day)
    assert sorted(reminded(books, invoice))[2:] == [("Standard", 14)], "Ann is left in peace"


def test_a_persons_own_wins_over_an_invoices(books: Books, customer: Customer) -> None:
    invoice = books.invoice(customer, due_in=-8)
    give_invoice(books, invoice, add(books, "Firm", 7))
    give_person(books, ANN, add(books, "Gentle", 0))
    assert steps(books) == {ANN: 0, BOB: 7}
    assert run(books).reminders == 2
    assert states(books, invoice) == {"Firm": "running", "Gentle": "running"}


def test_a_persons_own_is_nobody_elses_where_an_invoice_has_it_too(
    books: Books, customer: Customer
) -> None:
    own, other = books.invoice(customer, due_in=-8), books.invoice(customer, due_in=-8)
    gentle = add(books, "Gentle", 0)
    give_invoice(books, own, gentle)
    give_person(books, ANN, gentle)
    run(books)
    with tenant(books.id):
        rows = Reminder.objects.values_list("contact__email", "invoice_id", "step__cadence__name")
        assert set(rows) == {
            (ANN, own.id, "Gentle"),
            (ANN, other.id, "Gentle"),
            (BOB, own.id, "Gentle"),
            (BOB, other.id, "Standard"),
        }


def test_the_same_cadence_twice_is_one(books: Books, customer: Customer) -> None:
    invoice = books.invoice(customer, due_in=-8)
    give_person(books, ANN, standard(books))
    assert steps(books) == {ANN: 7, BOB: 7}
    run(books)
    sent(books)
    assert states(books, invoice) == {"Standard": "running"}
    with tenant(books.id):
        make_default(cadence=add_in(books, "Gentle", 0), by=books.by, at=books.at)
    assert steps(later(books, 6)) == {ANN: 14, BOB: 0}


def add_in(books: Books, name: str, *days: int) -> Cadence:
    cadence = add(books, name, *days)
    return Cadence.objects.get(id=cadence.id)


def test_a_mailbox_that_is_in_two_cadences_gets_one_mail_by_the_most_advanced(
    books: Books, customer: Customer
) -> None:
    books.contact(customer, "Ann@Payer.example")  # another row, the same mailbox
    invoice = books.invoice(customer, due_in=-8)
    give_person(books, ANN, add(books, "Gentle", 0))
    assert steps(books) == {ANN: 7, BOB: 7}
    run(books)
    sent(books)
    with tenant(books.id):
        to_ann = Reminder.objects.filter(contact__email__iexact=ANN)
        assert {one.invoice_id for one in to_ann} == {invoice.id}
        assert to_ann.count() == 2, "both steps are done by it"
    assert run(later(books, 3)).messages == 0


def test_where_everybody_has_an_own_one_nothing_waits_of_the_customers(
    books: Books, customer: Customer
) -> None:
    invoice = books.invoice(customer, due_in=3)
    gentle = add(books, "Gentle", 0)
    for email in (ANN, BOB):
        give_person(books, email, gentle)
    for days in range(12):
        assert run(later(books, days)).pending == 0
        sent(later(books, days))
    assert {*reminded(books, invoice)} == {("Gentle", 0)}
    assert states(books, invoice) == {"Gentle": "running"}
    plan = planned(later(books, 12))
    assert plan.invoices_not_sent == 1


def test_who_cannot_be_reached_by_an_own_one_is_no_decision(
    books: Books, customer: Customer
) -> None:
    books.invoice(customer, due_in=0)
    give_person(books, ANN, add(books, "Gentle", 0))
    with tenant(books.id):
        Contact.objects.filter(email=ANN).update(reminders_refused_at=books.at)
    for days in range(6):
        assert run(later(books, days)).pending == 0
        sent(later(books, days))


def test_an_invoice_out_of_chasing_is_nobodys(books: Books, customer: Customer) -> None:
    invoice = books.invoice(customer, due_in=-8)
    give_person(books, ANN, add(books, "Gentle", 0))
    take_out(books, invoice)
    assert why_not(books) == {Reason.NO_CADENCE: 1}
    give(books, standard(books), customer)
    assert run(books).messages == 0, "it stays so"
    with tenant(books.id):
        found = queries.why_not(books.organization, customer_id=customer.id, on=books.on)
        assert found == {invoice.id: Reason.NO_CADENCE}
        [event] = Event.objects.filter(kind="invoice.cadence_removed")
        assert event.data["changes"] == {"cadence": ["Standard", ""]}
    give_invoice(books, invoice, None)
    assert steps(books) == {ANN: 0, BOB: 7}


def test_removing_a_customers_cadences_removes_all_there(books: Books, customer: Customer) -> None:
    invoice, out = books.invoice(customer, due_in=-8), books.invoice(customer, due_in=-8)
    gentle = add(books, "Gentle", 0)
    give_invoice(books, invoice, gentle)
    give_person(books, ANN, gentle)
    take_out(books, out)
    assert remove(books, customer) == 1
    assert why_not(books) == {Reason.NO_CADENCE: 2}
    give(books, None, customer)
    [group, _other] = planned(books).will_send
    assert [item.invoice_id for item in group.items] == [invoice.id], "the other one stays out"
    remove(books, customer)
    give_invoice(books, invoice, gentle)
    assert steps(books) == {ANN: 0, BOB: 0}, "one may be chased all the same"
    assert remove(books, customer) == 1
    assert remove(books, customer) == 0


def test_what_waits_is_taken_back_for_whom_it_is_not_meant_any_more(
    monkeypatch: pytest.MonkeyPatch, work_off: WorkOff
) -> None:
    books = chasing_books(automatic=False)
    monkeypatch.setenv("PAIDUP_NOW", books.at.isoformat())
    customer = books.customer(email=ANN)
    books.contact(customer, BOB)
    own, other = books.invoice(customer, due_in=-8), books.invoice(customer, due_in=-8)
    run(books)
    work_off()
    give_person(books, ANN, add(books, "Gentle", 0))
    work_off()
    by_state = {message.to_address: message.state for message in messages(books)}
    assert by_state == {ANN: "withdrawn", BOB: "awaiting_approval"}
    take_out(books, own)
    work_off()
    with tenant(books.id):
        assert [one.invoice_id for one in Reminder.objects.all()] == [other.id]
    day = later(books, 1)
    assert run(day).messages == 1
    assert messages(day)[-1].to_address == ANN
    give_person(day, ANN, None)
    assert run(day).withdrawn == 1


def test_the_last_look_goes_by_what_holds_then(books: Books, customer: Customer) -> None:
    books.invoice(customer, due_in=-8)
    run(books)
    give_person(books, ANN, add(books, "Gentle", 0))
    for message in messages(books):
        deliver_one(books.id, message.id, post=Delivered(), now=lambda: books.at)
    by_state = {message.to_address: message.state for message in messages(books)}
    assert by_state == {ANN: "withdrawn", BOB: "sent"}


def test_what_waits_for_a_decision_goes_with_a_persons_cadence(
    books: Books, customer: Customer, work_off: WorkOff
) -> None:
    books.invoice(customer, due_in=3)
    give_person(books, ANN, add(books, "Gentle", 0))
    run(books)
    sent(books)
    assert run(later(books, 14)).pending == 2
    give_person(later(books, 14), ANN, None)
    work_off()
    with tenant(books.id):
        assert [one.step.cadence.name for one in Reminder.objects.filter(state="pending")] == [
            "Standard"
        ]
        assert Todo.objects.open().count() == 1


def test_held_promised_and_paid_are_nobodys_whatever_the_cadence(
    books: Books, customer: Customer
) -> None:
    invoice = books.invoice(customer, due_in=-8)
    give_person(books, ANN, add(books, "Gentle", 0))
    change(books, invoice, hold="returned")
    assert why_not(books) == {Reason.HELD: 1}
    change(books, invoice, hold="", promised_until=books.on)
    assert why_not(books) == {Reason.PROMISED: 1}
    run(books)
    assert states(books, invoice) == {"Gentle": "paused", "Standard": "paused"}


def test_an_assigned_cadence_stays_and_a_settled_invoice_gives_it_up(
    books: Books, customer: Customer
) -> None:
    invoice, gentle = books.invoice(customer, due_in=-8), add(books, "Gentle")
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    give_person(books, ANN, gentle)
    with tenant(books.id), pytest.raises(CadenceRefused, match="Contacts are assigned to Gentle"):
        remove_cadence(cadence=gentle, **acts)
    give_person(books, ANN, None)
    give_invoice(books, invoice, gentle)
    with tenant(books.id), pytest.raises(CadenceRefused, match="Open invoices are assigned"):
        remove_cadence(cadence=gentle, **acts)
    with tenant(books.id):
        Invoice.objects.filter(id=invoice.id).update(state="paid", open_amount=0)
        remove_cadence(cadence=gentle, **acts)
        assert not InvoiceAssignment.objects.exists()
    with pytest.raises(CadenceRefused, match="removed meanwhile"):
        give_person(books, ANN, gentle)
    with pytest.raises(CadenceRefused, match="is not open any more"):
        take_out(books, invoice)


def test_an_own_cadence_is_part_of_the_persons_place(books: Books, customer: Customer) -> None:
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    gentle = add(books, "Gentle")
    give_person(books, ANN, gentle)
    with tenant(books.id):
        ann, bob = ContactLink.objects.order_by("id")
        found = of_links([ann, bob])
        assert found[ann.id] == Assigned("Gentle", Origin.OWN)
        assert found[bob.id] == Assigned("Standard", Origin.DEFAULT)
        [event] = Event.objects.filter(kind="contact.cadence_changed")
        assert (event.customer_id, event.subject_id) == (customer.id, ann.contact_id)
        assert event.data["changes"] == {"cadence": ["Standard", "Gentle"]}
        edit_contact(
            contact=bob.contact,
            details={},
            link=bob,
            link_details={"gets_reminders": False},
            **acts,
        )
        with pytest.raises(CadenceRefused, match="Bob gets no reminders here"):
            change_contact_cadence(link=bob, cadence=gentle, **acts)
        unlink_contact(link=ann, **acts)
        assert not LinkAssignment.objects.exists()
        with pytest.raises(CadenceRefused, match="no contact of the customer any more"):
            change_contact_cadence(link=ann, cadence=gentle, **acts)
    assert why_not(books) == {}


def test_one_person_of_two_customers_has_each_by_its_own(books: Books, customer: Customer) -> None:
    second = books.customer("Initech")
    with tenant(books.id):
        ann = Contact.objects.get(email=ANN)
        place = ContactLink.objects.create(
            organization_id=books.id, customer=second, contact=ann, role="billing"
        )
        change_contact_cadence(
            link=place, cadence=add_in(books, "Gentle", 14), by=books.by, at=books.at
        )
    invoices = [books.invoice(one, due_in=-14) for one in (customer, second)]
    with tenant(books.id):
        ContactLink.objects.filter(contact__email=BOB).delete()
    assert {item.invoice_id for item in only_group(books).items} == {one.id for one in invoices}
    run(books)
    sent(books)
    assert [reminded(books, one) for one in invoices] == [[("Standard", 14)], [("Gentle", 14)]]

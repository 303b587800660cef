"""Who would be reminded of what, and why not of the rest."""

from datetime import timedelta
from decimal import Decimal

import pytest

from paidup.cadences.states import Reason
from paidup.communications.models import Message
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.operations import link_contact
from paidup.history.models import Event
from paidup.invoicing import operations as invoicing
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.states import PaymentKind
from tests.support.books import Books, found_books

from .chasing import change, chasing_books, later, only_group, planned, run, sent, why_not

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return chasing_books()


@pytest.mark.parametrize(
    ("due_in", "step"),
    [(4, None), (3, -3), (1, -3), (0, 0), (-6, 0), (-7, 7), (-14, 14), (-29, 14), (-300, 30)],
)
def test_an_invoice_enters_at_the_latest_step_its_age_allows(
    books: Books, due_in: int, step: int | None
) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=due_in)
    if step is None:
        assert planned(books).will_send == ()
        assert why_not(books) == {Reason.NOT_DUE: 1}
    else:
        group = only_group(books)
        assert group.step_days == step
        assert [item.invoice_id for item in group.items] == [invoice.id]
        assert why_not(books) == {}


def test_planning_changes_nothing(books: Books) -> None:
    books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    with tenant(books.id):
        events = Event.objects.count()
    first, second = planned(books), planned(books)
    assert first.not_sent == second.not_sent
    assert [g.items for g in first.will_send] == [g.items for g in second.will_send]
    with tenant(books.id):
        assert Event.objects.count() == events
        assert not Message.objects.exists()


def test_a_person_of_several_customers_gets_one_message(books: Books) -> None:
    first, second = books.customer("Globex", email="ann@payer.example"), books.customer("Initech")
    with tenant(books.id):
        link_contact(customer=second, contact=Contact.objects.get(), by=books.by, at=books.at)
    twin = books.customer("Hooli", email="Ann@Payer.example")  # another row, the same mailbox
    invoices = {
        books.invoice(first, due_in=-14).id,
        books.invoice(second, due_in=3).id,
        books.invoice(twin, due_in=0, currency="EUR").id,
    }
    group = only_group(books)
    assert {item.invoice_id for item in group.items} == invoices
    assert set(group.customers.values()) == {"Globex", "Initech", "Hooli"}
    assert group.step_days == 14, "the most advanced template speaks"
    assert group.totals == {"USD": Decimal(200), "EUR": Decimal(100)}


def test_all_people_who_get_reminders_are_written_to(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    books.contact(customer, "bob@payer.example")
    silent = books.contact(customer, "eve@payer.example")
    with tenant(books.id):
        ContactLink.objects.filter(contact=silent).update(gets_reminders=False)
    books.invoice(customer, due_in=-7)
    addresses = {group.address for group in planned(books).will_send}
    assert addresses == {"ann@payer.example", "bob@payer.example"}


def test_what_is_due_is_in_the_message_also_when_its_step_is_done(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    done = books.invoice(customer, due_in=-7)
    run(books)
    sent(books)
    day = later(books, 2)
    due, upcoming = books.invoice(customer, due_in=5), books.invoice(customer, due_in=20)
    assert why_not(day) == {Reason.ALREADY: 1, Reason.NOT_DUE: 1}
    items = {item.invoice_id: item for item in only_group(day).items}
    assert set(items) == {done.id, due.id}, "but not what is neither due nor has a step"
    assert upcoming.id not in items
    assert (items[done.id].due_step, items[due.id].due_step) == (False, True)
    assert only_group(day).step_days == -3


@pytest.mark.parametrize(
    ("reason", "values"),
    [
        (Reason.HELD, {"hold": "returned"}),
        (Reason.PROMISED, {"promised_until": "2026-03-02"}),
    ],
)
def test_what_pauses_an_invoice(books: Books, reason: Reason, values: dict[str, str]) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    change(books, invoice, **values)
    assert why_not(books) == {reason: 1}


def test_a_promise_pauses_through_its_grace(books: Books) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    change(books, invoice, promised_until=books.on - timedelta(days=4))  # the Thursday before
    assert why_not(books) == {Reason.PROMISED: 1}, "until Monday, as the weekend doesn't count"
    change(books, invoice, promised_until=books.on - timedelta(days=5))
    assert only_group(books).step_days == 7


def test_only_the_undisputed_rest_is_chased(books: Books) -> None:
    invoice = books.invoice(books.customer(email="ann@payer.example"), "100.00", due_in=-7)
    with tenant(books.id):
        dispute = invoicing.open_dispute(
            invoice=invoice,
            amount=Decimal(30),
            reason="Broken",
            on=books.on,
            by=books.by,
            at=books.at,
        )
    assert only_group(books).items[0].amount == Decimal(70)
    with tenant(books.id):
        invoicing.resolve_dispute(dispute=dispute, on=books.on, by=books.by, at=books.at)
        invoicing.open_dispute(invoice=invoice, reason="All", on=books.on, by=books.by, at=books.at)
    assert why_not(books) == {Reason.DISPUTED: 1}


def test_a_charge_under_way_pauses(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    books.claim(customer, books.invoice(customer, due_in=-7))
    assert why_not(books) == {Reason.UNDER_WAY: 1}


def test_unapplied_money_stands_for_the_oldest_invoices(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    for due_in in (-10, -20, -30):
        books.invoice(customer, "100.00", due_in=due_in)
    books.invoice(customer, "100.00", due_in=-40, currency="EUR")
    _pay_without_saying_for_what(books, customer, "150.00", "USD")
    amounts = {
        ((books.on - item.due_on).days, item.currency): item.amount
        for item in only_group(books).items
    }
    assert amounts == {(20, "USD"): 50, (10, "USD"): 100, (40, "EUR"): 100}
    assert why_not(books) == {Reason.COVERED: 1}
    _pay_without_saying_for_what(books, customer, "100.00", "EUR")
    assert why_not(books) == {Reason.COVERED: 2}


def test_an_inactive_customer_is_left_alone(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    books.invoice(customer, due_in=-7)
    with tenant(books.id):
        Customer.objects.filter(id=customer.id).update(state="inactive")
    assert why_not(books) == {Reason.INACTIVE: 1}


def test_who_cannot_or_will_not_be_reached(books: Books) -> None:
    books.invoice(books.customer(), due_in=-7)
    assert why_not(books) == {Reason.NO_CONTACT: 1}
    customer = books.customer("Initech", email="ann@payer.example")
    books.invoice(customer, due_in=-7)
    for values, reason in (
        ({"email": ""}, Reason.NO_ADDRESS),
        ({"email": "ann@payer.example", "bounced_at": books.at}, Reason.BOUNCED),
        ({"bounced_at": None, "reminders_refused_at": books.at}, Reason.UNSUBSCRIBED),
    ):
        with tenant(books.id):
            Contact.objects.update(**values)
        assert why_not(books) == {Reason.NO_CONTACT: 1, reason: 1}


def test_a_refusal_counts_for_all_with_the_same_address(books: Books) -> None:
    for name in ("Globex", "Initech"):
        books.invoice(books.customer(name, email="ann@payer.example"), due_in=-7)
    with tenant(books.id):
        first = Contact.objects.order_by("id")[0]
        Contact.objects.filter(id=first.id).update(reminders_refused_at=books.at)
    assert why_not(books) == {Reason.UNSUBSCRIBED: 2}


def test_a_person_is_left_in_peace_for_the_gap(books: Books) -> None:
    first = books.customer("Globex", email="ann@payer.example")
    second = books.customer("Initech", email="ann@payer.example")
    books.invoice(first, due_in=-7)
    run(books)
    books.invoice(second, due_in=-7)
    assert why_not(books) == {Reason.ALREADY: 1, Reason.WAITING: 1}
    sent(books)
    assert why_not(later(books, 1)) == {Reason.ALREADY: 1, Reason.GAP: 1}
    assert only_group(later(books, 2)).step_days == 7


def test_without_a_cadence_nobody_is_reminded(db: None) -> None:
    books = found_books()
    books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    assert why_not(books) == {Reason.NO_CADENCE: 1}


def test_a_plan_says_when_its_messages_leave() -> None:
    books = chasing_books(days=range(5))
    books.invoice(books.customer(email="ann@payer.example"), due_in=-7)
    saturday = later(books, 5)
    assert planned(saturday).sends_on == saturday.on + timedelta(days=2)
    assert len(planned(saturday).will_send) == 1


def test_a_plan_counts_and_sums_by_currency(books: Books) -> None:
    customer = books.customer(email="ann@payer.example")
    books.invoice(customer, "10.00", due_in=-7)
    books.invoice(customer, "20.00", due_in=-8)
    books.invoice(customer, "30.00", due_in=90, currency="EUR")
    plan = planned(books)
    assert (plan.invoices_reminded, plan.invoices_not_sent) == (2, 1)
    assert plan.reminded["USD"].amount == Decimal(30)
    assert plan.not_sent[Reason.NOT_DUE]["EUR"].amount == Decimal(30)


def test_another_organization_is_not_seen(books: Books) -> None:
    other = chasing_books()
    other.invoice(other.customer(email="ann@payer.example"), due_in=-7)
    assert planned(books).will_send == ()


def _pay_without_saying_for_what(
    books: Books, customer: Customer, amount: str, currency: str
) -> None:
    with tenant(books.id):
        payments.record_payment(
            customer=customer,
            amount=Decimal(amount),
            currency=currency,
            kind=PaymentKind.WIRE,
            received_on=books.on,
            on=books.on,
            to=[],
            by=books.by,
            at=books.at,
        )

"""The engine: which invoices a tick charges, to whom, and what follows a decline."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from paidup.autopay import operations as autopay
from paidup.autopay.models import Attempt, AttemptState, Interval
from paidup.autopay.operations import engine
from paidup.customers.models import Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold, InvoiceState
from paidup.lib import jobs
from paidup.lib.tenancy import tenant
from paidup.organizations.operations import stop_automation
from paidup.payments import operations as payments
from paidup.payments.models import Claim, Intent, Mandate
from paidup.payments.operations.allocate import lock_customers
from paidup.payments.states import CreditReason, IntentState
from paidup.todos.models import Todo
from tests.autopay.charging import payer, schedule, tick, work
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """What somebody does while the tick waits for its customers."""

    def waited(*those: Any) -> None:
        act()
        lock_customers(*those)

    monkeypatch.setattr(engine, "lock_customers", waited)


def test_a_due_invoice_is_charged_once() -> None:
    books = found_books()
    invoice = books.invoice(payer(books), "75.00", due_in=0)
    assert tick(books) == {invoice.number}
    assert tick(books) == {invoice.number}
    work(books)
    assert tick(books) == set()
    assert books.again(invoice).state == InvoiceState.PAID
    with tenant(books.id):
        assert Intent.objects.count() == 1
        assert Attempt.objects.get().state == AttemptState.PAID


def test_only_due_invoices_unless_the_schedule_says_all_open() -> None:
    books = found_books()
    books.invoice(payer(books), due_in=1)
    assert tick(books) == set()
    invoice = books.invoice(payer(books, due_only=False), due_in=20)
    assert tick(books) == {invoice.number}


def test_one_charge_pays_all_due_invoices_of_a_payer() -> None:
    books = found_books()
    customer = payer(books)
    for _ in range(3):
        books.invoice(customer, "10.00", due_in=-2)
    tick(books)
    with tenant(books.id):
        assert Intent.objects.get().amount == Decimal(30)


def test_a_maximum_leaves_what_does_not_fit() -> None:
    books = found_books()
    customer = payer(books, maximum=Decimal(50))
    books.invoice(customer, "60.00", due_in=-9)
    small = books.invoice(customer, "45.00", due_in=-2)
    assert tick(books) == {small.number}


def test_a_maximum_lets_no_other_currency_through() -> None:
    books = found_books()
    customer = payer(books, maximum=Decimal(500))
    books.invoice(customer, "400.000", due_in=-9, currency="KWD")
    small = books.invoice(customer, "45.00", due_in=-2)
    assert tick(books) == {small.number}


@pytest.mark.parametrize(
    "gate",
    ["no method", "no mandate", "auto payments off", "disputed", "promised", "held", "stopped"],
)
def test_a_closed_gate_lets_nothing_through(gate: str) -> None:
    books = found_books()
    customer = books.customer()
    if gate != "no method":
        books.method(customer)
    schedule(books, customer)
    invoice = books.invoice(customer, due_in=-5)
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    with tenant(books.id):
        match gate:
            case "no mandate":
                payments.revoke_mandate(mandate=Mandate.objects.get(), **acts)
            case "auto payments off":
                Customer.objects.update(auto_payments=False)
            case "disputed":
                invoicing.open_dispute(invoice=invoice, reason="Broken", on=books.on, **acts)
            case "promised":
                invoicing.record_promise(
                    invoice=invoice, promised_for=books.on, on=books.on, **acts
                )
            case "held":
                invoicing.hold_invoices(invoice_ids=[invoice.id], reason=Hold.REVERSED, **acts)
            case "stopped":
                stop_automation(organization=books.organization, stopped=True, **acts)
    assert tick(books) == set()


def test_a_promise_keeps_the_engine_away_through_its_grace() -> None:
    books = found_books()
    invoice = books.invoice(payer(books), due_in=-5)
    with tenant(books.id):
        invoicing.record_promise(
            invoice=invoice, promised_for=books.on, on=books.on, by=books.by, at=books.at
        )
    for _ in range(2):  # the promised day is a Monday
        books.at += timedelta(days=1)
        assert tick(books) == set()
    books.at += timedelta(days=1)
    assert tick(books) == {invoice.number}


def credit(books: Books, customer: Customer, amount: str, currency: str = "USD") -> None:
    """Money of the customer's that no invoice has used yet."""
    with tenant(books.id):
        payments.grant_credit(
            customer=customer,
            amount=Decimal(amount),
            currency=currency,
            reason=CreditReason.GOODWILL,
            description="Sorry",
            leave_unapplied=True,
            on=books.on,
            by=books.by,
            at=books.at,
        )


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_money_that_is_there_already_pays_first(currency: str) -> None:
    books = found_books()
    customer = payer(books)
    invoice = books.invoice(customer, "100.00", due_in=-1, currency=currency)
    credit(books, customer, "30", currency)
    tick(books)
    with tenant(books.id):
        assert Intent.objects.get().amount == Decimal(70)
        assert Invoice.objects.get(id=invoice.id).open_amount == Decimal(70)


def test_a_sub_account_s_own_money_pays_before_its_parent_is_charged() -> None:
    books = found_books()
    parent = payer(books, own_invoices_only=False)
    child = books.customer("Child", parent=parent)
    invoice = books.invoice(child, "70.00", due_in=-1)
    credit(books, child, "100")
    assert tick(books) == set()
    assert books.again(invoice).state == InvoiceState.PAID


def test_a_payer_s_money_pays_its_own_invoices_and_then_its_sub_accounts() -> None:
    books = found_books()
    parent = payer(books, own_invoices_only=False)
    child = books.customer("Child", parent=parent)
    older = books.invoice(child, "70.00", due_in=-9)
    newer = books.invoice(child, "50.00", due_in=-1)
    own = books.invoice(parent, "30.00", due_in=-1)
    upcoming = books.invoice(child, "20.00", due_in=9)
    credit(books, parent, "80")
    credit(books, parent, "40")
    assert tick(books) == {newer.number}
    with tenant(books.id):
        assert Intent.objects.get().amount == Decimal(30)
    assert [books.again(invoice).open_amount for invoice in (own, older, newer, upcoming)] == [
        Decimal(0),
        Decimal(0),
        Decimal(30),
        Decimal(20),
    ]


def test_a_parent_pays_for_its_children_unless_they_pay_themselves_or_refuse() -> None:
    books = found_books()
    parent = payer(books, own_invoices_only=False)
    child = books.customer("Child", parent=parent)
    grandchild = books.customer("Grandchild", parent=child)
    independent = books.customer("Independent", parent=parent)
    books.method(independent)
    schedule(books, independent)
    refusing = books.customer("Refusing", parent=parent)
    with tenant(books.id):
        Customer.objects.filter(id=refusing.id).update(auto_payments=False)
    for customer in (child, grandchild, independent, refusing):
        books.invoice(customer, "10.00", due_in=-1)
    tick(books)
    with tenant(books.id):
        paid = {
            (claim.intent.customer.name, claim.invoice.customer.name)
            for claim in Claim.objects.select_related("intent__customer", "invoice__customer")
        }
    assert paid == {
        (parent.name, "Child"),
        (parent.name, "Grandchild"),
        ("Independent", "Independent"),
    }


def test_a_slot_whose_day_was_missed_is_served_later_and_once() -> None:
    books = found_books()
    customer = payer(books, interval=Interval.WEEKLY, days=[0], starts_on=books.on)
    tick(books)
    invoice = books.invoice(customer, due_in=3)
    books.at += timedelta(days=9)  # past the next Monday, on which no tick came
    assert tick(books) == {invoice.number}
    work(books)
    later = books.invoice(customer, due_in=0)
    books.at += timedelta(days=1)
    assert tick(books) == set()
    books.at += timedelta(days=4)
    assert tick(books) == {later.number}


def test_a_soft_decline_is_retried_on_the_third_fifth_and_seventh_day() -> None:
    books = found_books()
    books.invoice(payer(books, last4="0341"), due_in=-1)
    first = books.on
    tries = []
    for _ in range(15):
        if tick(books):
            tries.append((books.on - first).days)
            work(books)
        books.at += timedelta(days=1)
    assert tries == [0, 3, 5, 7]
    with tenant(books.id):
        assert Attempt.objects.filter(state=AttemptState.GIVEN_UP).count() == 1
        assert Todo.objects.filter(kind="autopay_declined").count() == 4


def test_a_hard_decline_waits_for_a_new_method() -> None:
    books = found_books()
    customer = payer(books, last4="0002")
    invoice = books.invoice(customer, due_in=-1)
    tick(books)
    work(books)
    with tenant(books.id):
        assert Intent.objects.get().state == IntentState.FAILED
    books.at += timedelta(days=10)
    assert tick(books) == set()
    books.method(customer)
    assert tick(books) == {invoice.number}


def test_a_slot_takes_a_new_attempt_with_a_new_method_after_a_hard_decline() -> None:
    books = found_books()
    customer = payer(books, last4="0002")
    invoice = books.invoice(customer, due_in=-1)
    tick(books)
    work(books)
    books.method(customer)  # the same day, while the same slot is being served
    assert tick(books) == {invoice.number}
    with tenant(books.id):
        attempts = Attempt.objects.order_by("attempt").values_list("attempt", "state")
        assert list(attempts) == [(1, AttemptState.GIVEN_UP), (2, AttemptState.UNDER_WAY)]


def test_a_schedule_removed_while_the_tick_waits_charges_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = found_books()
    customer = payer(books)
    books.invoice(customer, due_in=-1)
    meanwhile(
        monkeypatch,
        lambda: autopay.remove_schedule(customer=customer, by=books.by, at=books.at),
    )
    assert tick(books) == set()


def test_a_schedule_changed_while_the_tick_waits_charges_by_its_new_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = found_books()
    customer = payer(books)
    books.invoice(customer, due_in=-1)
    tomorrow = books.on + timedelta(days=1)
    meanwhile(monkeypatch, lambda: schedule(books, customer, starts_on=tomorrow))
    assert tick(books) == set()


def test_stopping_everything_stops_a_tick_that_is_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = found_books()
    first, second = payer(books), payer(books)
    invoice = books.invoice(first, due_in=-1)
    books.invoice(second, due_in=-1)
    monkeypatch.setattr(engine, "BATCH", 1)
    enqueue = jobs.enqueue_all

    def then_stop(*job: Any, **ids: Any) -> None:
        enqueue(*job, **ids)
        stop_automation(organization=books.organization, stopped=True, by=books.by, at=books.at)

    monkeypatch.setattr(jobs, "enqueue_all", then_stop)
    assert tick(books) == {invoice.number}


def test_a_schedule_edited_between_its_slots_waits_for_its_next_one() -> None:
    books = found_books()
    monthly: dict[str, Any] = {"interval": Interval.MONTHLY, "days": [1], "starts_on": books.on}
    customer = payer(books, **monthly)
    books.at += timedelta(days=30)  # the first of April
    tick(books)
    invoice = books.invoice(customer, due_in=2)
    books.at += timedelta(days=14)
    schedule(books, customer, maximum=Decimal(500), **monthly)
    assert tick(books) == set()
    books.at += timedelta(days=16)  # the first of May
    assert tick(books) == {invoice.number}


def test_a_schedule_set_on_the_day_of_its_slot_charges_that_day() -> None:
    books = found_books()
    customer = payer(books)
    invoice = books.invoice(customer, due_in=-1)
    schedule(books, customer, interval=Interval.WEEKLY, days=[books.on.weekday()])
    assert tick(books) == {invoice.number}

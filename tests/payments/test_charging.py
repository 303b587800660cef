"""A charge: claimed, made once, recorded once."""

import random
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.invoicing.states import Hold, InvoiceState
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.gateways.sandbox.charging import advance
from paidup.payments.models import Claim, Intent, Payment
from paidup.payments.operations import ChargeRefused
from paidup.payments.operations.charge import call_gateway
from paidup.payments.states import IntentState, PaymentKind, Purpose
from paidup.todos.models import Todo
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


def test_a_charge_pays_its_invoice() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "120.00")
    intent = books.run(books.claim(customer, invoice))
    assert intent.state == IntentState.SETTLED
    assert books.again(invoice).state == InvoiceState.PAID
    with tenant(books.id):
        payment = Payment.objects.get()
        assert (payment.amount, payment.unapplied_amount) == (Decimal(120), Decimal(0))
        assert not Claim.objects.filter(live=True).exists()


def test_while_one_charge_is_under_way_no_other_is_begun() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer)
    books.claim(customer, invoice)
    with pytest.raises(ChargeRefused, match="under way"):
        books.claim(customer, invoice)


def test_a_charge_run_twice_is_made_once() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer)
    intent = books.claim(customer, invoice)
    books.run(intent)
    books.run(intent)
    with tenant(books.id):
        assert Payment.objects.count() == 1
    assert sum(fact.kind == "settled" for fact in books.facts(intent)) == 1


def test_a_crash_between_charge_and_record_is_made_good_by_the_next_run() -> None:
    books = found_books()
    customer = books.customer()
    intent = books.claim(customer, books.invoice(customer))
    # The gateway charged, and whoever asked it died before the answer was recorded.
    call_gateway(intent, at=books.at)
    with tenant(books.id):
        assert not Payment.objects.exists()
    assert books.run(intent).state == IntentState.SETTLED
    assert sum(fact.kind == "settled" for fact in books.facts(intent)) == 1


def test_a_lost_answer_blocks_new_attempts_until_the_gateway_was_asked() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer)
    intent = books.run(books.claim(customer, invoice, last4="9995"))
    assert intent.state == IntentState.UNKNOWN
    with pytest.raises(ChargeRefused):
        books.claim(customer, invoice)
    payments.ask_gateway(organization_id=books.id, intent_id=intent.id, time=1, at=books.at)
    assert books.again(invoice).state == InvoiceState.PAID


def test_a_charge_the_gateway_never_saw_is_given_up_after_asking_five_times() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer)
    intent = books.run(books.claim(customer, invoice, last4="9987"))
    for time in range(1, 6):
        state = payments.ask_gateway(
            organization_id=books.id, intent_id=intent.id, time=time, at=books.at
        ).state
        assert state == (IntentState.CANCELLED if time == 5 else IntentState.UNKNOWN)
    books.run(books.claim(customer, invoice))
    assert books.again(invoice).state == InvoiceState.PAID


def test_a_declined_charge_lets_its_invoice_go() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer)
    intent = books.run(books.claim(customer, invoice, last4="0341"))
    assert (intent.state, intent.retryable) == (IntentState.FAILED, True)
    assert books.run(books.claim(customer, invoice)).state == IntentState.SETTLED


def test_facts_repeated_in_any_order_come_to_the_same() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "250.00")
    intent = books.run(books.claim(customer, invoice, last4="3115"))
    assert intent.state == IntentState.AUTHORIZED
    assert books.again(invoice).open_amount == Decimal(250)
    advance(at=books.at + timedelta(days=4))
    told = books.facts(intent) * 3
    random.Random(7).shuffle(told)
    for fact in told:
        with tenant(books.id):
            payments.record_facts(intent_id=intent.id, facts=[fact], at=books.at)
    with tenant(books.id):
        assert Intent.objects.get(id=intent.id).state == IntentState.RETURNED
        assert Todo.objects.filter(kind="release_invoice").count() == 1
    again = books.again(invoice)
    assert (again.open_amount, again.hold) == (Decimal(250), Hold.RETURNED)


def test_an_invoice_paid_by_check_meanwhile_leaves_the_charge_unapplied() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80.00")
    intent = books.claim(customer, invoice)
    _pay_by_check(books, customer.id, "80.00")
    books.run(intent)
    with tenant(books.id):
        charged = Payment.objects.get(intent=intent)
        assert charged.unapplied_amount == Decimal(80)
    assert books.again(invoice).open_amount == 0


def test_more_than_is_open_cannot_be_charged() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80.00")
    with tenant(books.id), pytest.raises(ChargeRefused, match=r"only \$80\.00"):
        payments.claim_charge(
            order=payments.Order(
                customer=customer,
                amounts=[(invoice.id, Decimal("80.01"))],
                gateway="sandbox",
                token="tok",
                method_kind=PaymentKind.CARD,
                method_label="Card",
            ),
            purpose=Purpose.PAY_LINK,
            by=books.by,
            at=books.at,
        )


def test_nobody_charges_another_customers_invoice() -> None:
    books = found_books()
    parent, stranger = books.customer("Parent"), books.customer("Stranger")
    child = books.customer("Child", parent=parent)
    theirs, ours = books.invoice(stranger), books.invoice(child)
    with pytest.raises(ChargeRefused):
        books.claim(parent, theirs)
    assert books.run(books.claim(parent, ours)).state == IntentState.SETTLED
    with tenant(books.id):
        assert Payment.objects.get().customer_id == parent.id


def test_money_for_a_child_that_has_moved_away_meanwhile_stays_unapplied() -> None:
    books = found_books()
    parent = books.customer("Parent")
    child = books.customer("Child", parent=parent)
    theirs, own = books.invoice(child, "70"), books.invoice(parent, "30")
    intent = books.claim(parent, theirs, own)
    with tenant(books.id):
        customers.edit_customer(customer=child, parent=None, by=books.by, at=books.at)
    assert books.run(intent).state == IntentState.SETTLED
    with tenant(books.id):
        assert Payment.objects.get().unapplied_amount == Decimal(70)
        assert not Claim.objects.filter(live=True).exists()
    assert books.again(theirs).open_amount == Decimal(70)
    assert books.again(own).state == InvoiceState.PAID


def test_a_gateway_is_never_called_with_a_transaction_open() -> None:
    books = found_books()
    customer = books.customer()
    intent = books.claim(customer, books.invoice(customer))
    with tenant(books.id), pytest.raises(RuntimeError):
        books.run(intent)


def _pay_by_check(books: Books, customer_id: UUID, amount: str) -> None:
    with tenant(books.id):
        payments.record_payment(
            customer=Customer.objects.get(id=customer_id),
            amount=Decimal(amount),
            currency="USD",
            kind=PaymentKind.CHECK,
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
        )

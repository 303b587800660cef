"""A charge claimed a while ago is judged again before the gateway hears of it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from unittest.mock import Mock

import pytest

from paidup.communications import states as messages
from paidup.communications.models import Message
from paidup.customers import operations as customers
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold, InvoiceState
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Claim, Intent, Mandate, Payment, PaymentMethod
from paidup.payments.operations import charge_gates
from paidup.payments.operations.charge import call_gateway
from paidup.payments.states import IntentState, PaymentKind, Purpose
from tests.support.books import AT, Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


def wire_arrives(books: Books, invoice: Invoice) -> None:
    payments.record_payment(
        customer=invoice.customer,
        amount=Decimal(80),
        currency="USD",
        kind=PaymentKind.WIRE,
        received_on=books.on,
        on=books.on,
        by=books.by,
        at=books.at,
    )


def is_disputed(books: Books, invoice: Invoice) -> None:
    invoicing.open_dispute(invoice=invoice, reason="Late", on=books.on, by=books.by, at=books.at)


def is_held(books: Books, invoice: Invoice) -> None:
    invoicing.hold_invoices(
        invoice_ids=[invoice.id], reason=Hold.RETURNED, by=books.by, at=books.at
    )


def mandate_is_revoked(books: Books, invoice: Invoice) -> None:
    mandate = Mandate.objects.get(customer=invoice.customer)
    payments.revoke_mandate(mandate=mandate, by=books.by, at=books.at)


def method_is_removed(books: Books, invoice: Invoice) -> None:
    method = PaymentMethod.objects.get(customer=invoice.customer)
    payments.remove_method(method=method, by=books.by, at=books.at)


def cards_are_no_longer_taken(books: Books, invoice: Invoice) -> None:
    assert invoice.customer
    customers.set_payment_kinds(kinds=["bank_debit", "wire"], by=books.by, at=books.at)


def cards_are_no_longer_what_it_pays_with(books: Books, invoice: Invoice) -> None:
    customers.edit_customer(
        customer=invoice.customer, payment_kinds=["bank_debit"], by=books.by, at=books.at
    )


@pytest.mark.parametrize(
    "meanwhile",
    [
        wire_arrives,
        is_disputed,
        is_held,
        mandate_is_revoked,
        method_is_removed,
        cards_are_no_longer_taken,
        cards_are_no_longer_what_it_pays_with,
    ],
)
@pytest.mark.parametrize("way", ["its job", "a question about it"])
def test_what_is_no_longer_due_is_not_charged(
    meanwhile: Callable[[Books, Invoice], None], way: str
) -> None:
    books = found_books()
    customer = books.customer(email="ann@globex.example")
    invoice = books.invoice(customer, "80")
    intent = books.claim_unattended(customer, invoice)
    with tenant(books.id):
        meanwhile(books, invoice)
    if way == "a question about it":
        intent = payments.ask_gateway(
            organization_id=books.id, intent_id=intent.id, time=1, at=books.at
        )
    else:
        intent = books.run(intent)
    assert (intent.state, intent.reason) == (IntentState.CANCELLED, "no_longer_due")
    assert books.facts(intent) == []
    with tenant(books.id):
        assert not Claim.objects.filter(live=True).exists()
        told = Message.objects.filter(purpose=messages.Purpose.CHARGE_FAILED)
        assert not told.exists(), "nothing was declined"


def test_money_taken_before_a_crash_is_recorded_though_nothing_is_due_any_more() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80")
    intent = books.claim_unattended(customer, invoice)
    call_gateway(intent, at=books.at)
    with tenant(books.id):
        wire_arrives(books, invoice)
    assert books.run(intent).state == IntentState.SETTLED
    with tenant(books.id):
        assert Payment.objects.get(intent=intent).unapplied_amount == Decimal(80)


def test_what_is_still_due_is_charged() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80")
    assert books.run(books.claim_unattended(customer, invoice)).state == IntentState.SETTLED
    assert books.again(invoice).state == InvoiceState.PAID


def test_the_room_that_wanted_the_charge_has_a_say(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(intent: Intent, at: datetime) -> bool:
        asked.append((intent.id, at))
        return False

    monkeypatch.setattr(charge_gates, "_gates", {})
    charge_gates.register(Purpose.AUTOPAY, refuse)
    books = found_books()
    customer = books.customer()
    intent = books.claim_unattended(customer, books.invoice(customer))
    assert books.run(intent).state == IntentState.CANCELLED
    assert asked == [(intent.id, AT)]


def test_a_sub_account_that_has_moved_away_is_not_charged_to_its_former_parent() -> None:
    books = found_books()
    parent = books.customer("Parent")
    child = books.customer("Child", parent=parent)
    intent = books.claim_unattended(parent, books.invoice(child))
    with tenant(books.id):
        customers.edit_customer(customer=child, parent=None, by=books.by, at=books.at)
    assert books.run(intent).state == IntentState.CANCELLED


def test_who_pays_in_person_is_not_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charge_gates, "_gates", {Purpose.PAY_LINK: Mock(return_value=False)})
    books = found_books()
    customer = books.customer()
    assert books.run(books.claim(customer, books.invoice(customer))).state == IntentState.SETTLED

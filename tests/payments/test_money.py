"""Money received, put to invoices, taken off again, credited and given back."""

from datetime import timedelta
from decimal import Decimal
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from paidup.customers.models import Customer
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold, InvoiceState
from paidup.ledger.models import Transfer
from paidup.lib.money import BadAmount
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments import queries
from paidup.payments.gateways.interface import FactKind
from paidup.payments.gateways.sandbox.events import tell
from paidup.payments.gateways.sandbox.models import Charge
from paidup.payments.models import Allocation, Credit, Intent, Payment, Refund
from paidup.payments.operations import AllocationRefused, PaymentRefused, RefundRefused
from paidup.payments.operations.refund import run_refund
from paidup.payments.states import CreditReason, PaymentKind, RefundState
from paidup.reporting.check import differences
from paidup.todos.models import Todo
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


def pay(books: Books, customer: Customer, amount: str, *, to: Invoice | None = None) -> Payment:
    with tenant(books.id):
        return payments.record_payment(
            customer=customer,
            amount=Decimal(amount),
            currency="USD",
            kind=PaymentKind.WIRE,
            received_on=books.on,
            on=books.on,
            to=[(to.id, Decimal(amount))] if to else None,
            by=books.by,
            at=books.at,
        )


def refund(books: Books, payment: Payment, amount: str, *, credit: bool = False) -> UUID:
    with tenant(books.id):
        return payments.refund_payment(
            payment=payment,
            amount=Decimal(amount),
            credit_invoices=credit,
            reason="Sent twice",
            on=books.on,
            by=books.by,
            at=books.at,
        ).id


def charge_back(intent: Intent) -> None:
    """The payer's bank takes the charge back, by the sandbox's account of it."""
    charge = Charge.objects.get(idempotency_key=queries.idempotency_key(intent))
    tell(charge, FactKind.CHARGED_BACK, at=intent.created_at, reason="fraud")


def test_money_goes_to_the_oldest_due_first_and_the_rest_stays_unapplied() -> None:
    books = found_books()
    customer = books.customer()
    later, sooner = books.invoice(customer, "50", due_in=9), books.invoice(customer, "50", due_in=2)
    payment = pay(books, customer, "70")
    assert books.again(sooner).state == InvoiceState.PAID
    assert books.again(later).open_amount == Decimal(30)
    payment = pay(books, customer, "100")
    assert payment.unapplied_amount == Decimal(70)
    with tenant(books.id):
        kept = Customer.objects.get(id=customer.id)
        assert (kept.open_amount, kept.unapplied_amount) == (Decimal(0), Decimal(70))
        assert kept.open_invoices == 0
        assert kept.last_payment_amount == Decimal(100)


def test_a_disputed_invoice_is_paid_last() -> None:
    books = found_books()
    customer = books.customer()
    disputed = books.invoice(customer, "50", due_in=-9)
    other = books.invoice(customer, "50", due_in=9)
    with tenant(books.id):
        invoicing.open_dispute(
            invoice=disputed, reason="Late", on=books.on, by=books.by, at=books.at
        )
    pay(books, customer, "50")
    assert books.again(other).state == InvoiceState.PAID
    assert books.again(disputed).open_amount == Decimal(50)


def test_an_allocation_is_undone_once() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80")
    payment = pay(books, customer, "80")
    with tenant(books.id):
        allocation = Allocation.objects.get()
        payments.undo_allocation(allocation=allocation, on=books.on, by=books.by, at=books.at)
        with pytest.raises(AllocationRefused, match="already"):
            payments.undo_allocation(allocation=allocation, on=books.on, by=books.by, at=books.at)
        payment.refresh_from_db()
        assert payment.unapplied_amount == Decimal(80)
    assert books.again(invoice).open_amount == Decimal(80)


@pytest.mark.parametrize("amount", ["0", "-5", "1.234", "NaN"])
def test_an_amount_that_is_none_changes_nothing(amount: str) -> None:
    books = found_books()
    customer = books.customer()
    with pytest.raises(BadAmount):
        pay(books, customer, amount)
    with tenant(books.id):
        assert not Payment.objects.exists()
        assert not Transfer.objects.exists()


def test_more_than_is_open_cannot_be_put_to_an_invoice() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80")
    with pytest.raises(AllocationRefused, match=r"only \$80\.00"):
        pay(books, customer, "90", to=invoice)
    with tenant(books.id):
        assert not Payment.objects.exists(), "refused as a whole"


def test_a_payment_of_tomorrow_is_refused() -> None:
    books = found_books()
    customer = books.customer()
    with tenant(books.id), pytest.raises(PaymentRefused):
        payments.record_payment(
            customer=customer,
            amount=Decimal(1),
            currency="USD",
            kind=PaymentKind.CASH,
            received_on=books.on + timedelta(days=1),
            on=books.on,
            by=books.by,
            at=books.at,
        )


def test_a_credit_pays_the_oldest_unless_it_is_left_unapplied() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80")
    with tenant(books.id):
        for leave in (False, True):
            payments.grant_credit(
                customer=customer,
                amount=Decimal(30),
                currency="USD",
                reason=CreditReason.GOODWILL,
                description="Sorry",
                leave_unapplied=leave,
                on=books.on,
                by=books.by,
                at=books.at,
            )
        numbers = list(Credit.objects.order_by("number").values_list("number", flat=True))
        assert numbers == ["CR-00001", "CR-00002"]
    assert books.again(invoice).open_amount == Decimal(50)


def test_a_reversed_payment_reopens_and_holds_what_it_paid() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80")
    payment = pay(books, customer, "100")
    for _ in range(2):
        with tenant(books.id):
            acts: dict[str, Any] = {"on": books.on, "by": books.by, "at": books.at}
            if payment.reversed_on is None:
                payments.reverse_payment(
                    payment=payment, reason="Bounced", hold=Hold.REVERSED, **acts
                )
                payment.refresh_from_db()
            else:
                with pytest.raises(PaymentRefused, match="already"):
                    payments.reverse_payment(
                        payment=payment, reason="Bounced", hold=Hold.REVERSED, **acts
                    )
    again = books.again(invoice)
    assert (again.open_amount, again.hold) == (Decimal(80), Hold.REVERSED)
    with tenant(books.id):
        kept = Customer.objects.get(id=customer.id)
        assert (kept.open_amount, kept.unapplied_amount) == (Decimal(80), Decimal(0))
        assert Todo.objects.filter(kind="release_invoice").count() == 1


def test_a_charge_is_given_back_and_not_just_reversed() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80")
    books.run(books.claim(customer, invoice))
    with tenant(books.id), pytest.raises(PaymentRefused, match="refund"):
        payments.reverse_payment(
            payment=Payment.objects.get(),
            reason="Not theirs",
            hold=Hold.REVERSED,
            on=books.on,
            by=books.by,
            at=books.at,
        )
    assert books.again(invoice).state == InvoiceState.PAID


def test_a_refund_takes_what_is_unapplied_first() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80")
    payment = pay(books, customer, "100")
    refund(books, payment, "20")
    assert books.again(invoice).state == InvoiceState.PAID
    refund(books, payment, "30")
    again = books.again(invoice)
    assert (again.open_amount, again.hold) == (Decimal(30), Hold.REFUNDED)


def test_a_refund_may_leave_the_invoice_paid_by_a_credit() -> None:
    books = found_books()
    customer = books.customer()
    invoice = books.invoice(customer, "80")
    payment = pay(books, customer, "80")
    refund(books, payment, "30", credit=True)
    assert books.again(invoice).state == InvoiceState.PAID
    with tenant(books.id):
        assert Credit.objects.get().amount == Decimal(30)


def test_a_charge_is_refunded_at_the_gateway_once() -> None:
    books = found_books()
    customer = books.customer()
    intent = books.run(books.claim(customer, books.invoice(customer, "80")))
    with tenant(books.id):
        payment = Payment.objects.get()
    refund_id = refund(books, payment, "50")
    for _ in range(2):
        run_refund(organization_id=books.id, refund_id=refund_id, at=books.at)
    with tenant(books.id):
        payments.record_facts(intent_id=intent.id, facts=books.facts(intent), at=books.at)
        assert Refund.objects.get().state == RefundState.DONE
    refunded = [fact.amount for fact in books.facts(intent) if fact.kind == "refunded"]
    assert refunded == [Decimal(50)]


def test_a_refund_refused_after_a_chargeback_frees_no_money() -> None:
    books = found_books()
    customer = books.customer()
    intent = books.run(books.claim(customer, books.invoice(customer, "100")))
    with tenant(books.id):
        payment = Payment.objects.get()
    refund_id = refund(books, payment, "40")
    charge_back(intent)
    with tenant(books.id):
        payments.record_facts(intent_id=intent.id, facts=books.facts(intent), at=books.at)
    run_refund(organization_id=books.id, refund_id=refund_id, at=books.at)
    with tenant(books.id):
        assert Refund.objects.get().state == RefundState.FAILED
        payment.refresh_from_db()
        assert payment.unapplied_amount == 0
        assert Customer.objects.get(id=customer.id).unapplied_amount == 0
    assert differences(books.id) == ()


def test_two_refunds_at_once_never_give_back_more_than_came_in() -> None:
    books = found_books()
    customer = books.customer()
    payment = pay(books, customer, "100")
    refused = []

    def give_back() -> None:
        try:
            refund(books, payment, "60")
        except RefundRefused as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    threads = [Thread(target=give_back) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert "40" in refused[0]
    with tenant(books.id):
        assert Refund.objects.get().amount == Decimal(60)

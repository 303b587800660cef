"""Paying by a link, in full and in part, and what its payer is told."""

from decimal import Decimal
from typing import Any

import pytest

from paidup.communications.models import Message
from paidup.history.models import Event
from paidup.invoicing.states import InvoiceState
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.gateways.interface import Rejected
from paidup.payments.jobs import forget_method
from paidup.payments.models import Allocation, Intent, Mandate, Payment, PaymentMethod
from paidup.payments.operations.charge import ASK_TIMES
from paidup.payments.states import IntentState, PaymentKind, Purpose
from tests.portal.payer import Payer, one_time_token, words
from tests.support.books import AT, SANDBOX, Books, jobs_of


def test_paying_in_full(books: Books, payer: Payer) -> None:
    customer = books.customer(email="ann@globex.example")
    invoice = books.invoice(customer, "120.00")
    page = payer.outcome(payer.pay(payer.invoice_link(invoice), "120.00"))
    assert "We have received your payment of $120.00. A receipt is on its way" in page
    assert invoice.number in page
    assert books.again(invoice).state == InvoiceState.PAID
    with tenant(books.id):
        payment = Payment.objects.get()
        assert (payment.amount, payment.unapplied_amount) == (Decimal(120), Decimal(0))
        assert payment.kind == PaymentKind.CARD
        started = Event.objects.get(kind="charge.started")
        assert (started.actor_kind, started.actor_id) == ("contact", None)
        assert Message.objects.get(purpose="receipt").to_address == "ann@globex.example"


def test_nobody_to_get_a_receipt_is_promised_none(books: Books, payer: Payer) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    assert "receipt" not in payer.outcome(payer.pay(path, "100.00"))


def test_paying_a_part_leaves_the_rest_open(books: Books, payer: Payer) -> None:
    invoice = books.invoice(books.customer())
    page = payer.outcome(payer.pay(payer.invoice_link(invoice), "30"))
    assert "$70.00 is still open." in page
    assert "Pay the rest" in page
    assert books.again(invoice).open_amount == 70


def test_a_part_of_the_balance_pays_the_oldest_first(books: Books, payer: Payer) -> None:
    customer = books.customer()
    newest = books.invoice(customer, "50.00", due_in=20)
    oldest = books.invoice(customer, "40.00", due_in=-20)
    middle = books.invoice(customer, "60.00", due_in=1)
    everything = [str(invoice.id) for invoice in (newest, oldest, middle)]
    payer.outcome(payer.pay(payer.balance_link(customer), "55.00", invoices=everything))
    assert [books.again(invoice).open_amount for invoice in (oldest, middle, newest)] == [0, 45, 50]


def test_of_the_balance_only_what_is_chosen_is_paid(books: Books, payer: Payer) -> None:
    customer = books.customer()
    first, second = books.invoice(customer, due_in=1), books.invoice(customer, due_in=2)
    page = payer.outcome(
        payer.pay(payer.balance_link(customer), "100.00", invoices=[str(second.id)])
    )
    assert second.number in page
    assert books.again(first).open_amount == 100
    assert books.again(second).open_amount == 0


def test_a_balance_is_paid_in_the_currency_chosen(books: Books, payer: Payer) -> None:
    customer = books.customer()
    books.invoice(customer, "100.00")
    euros = books.invoice(customer, "80.00", currency="EUR")
    page = payer.outcome(
        payer.pay(payer.balance_link(customer), "80.00", currency="EUR", invoices=[str(euros.id)])
    )
    assert "€80.00" in page
    assert books.again(euros).open_amount == 0


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", "Write how much you want to pay."),
        ("0", "Write an amount of at least $0.01"),
        ("-5", "Write an amount of at least $0.01"),
        ("1.005", "Write an amount of at least $0.01"),
        ("100.01", "Pay at most $100.00"),
        ("abc", "Write the amount in digits, such as 1,234.50."),
        ("1,00", "Write the amount in digits"),
        ("9" * 12, "Pay at most $100.00"),
        ("9" * 40, "Write an amount"),
        ("NaN", "Write the amount in digits"),
    ],
)
def test_an_amount_that_makes_no_sense_is_explained(
    books: Books, payer: Payer, amount: str, said: str
) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    before = payer.traces()
    answer = payer.pay(path, amount)
    assert answer.status_code == 422
    assert said in words(answer)
    assert payer.traces() == before


@pytest.mark.parametrize("amount", ["$ 99.50", "99.5", " 99.50 USD", "0.01"])
def test_an_amount_may_be_written_as_people_do(books: Books, payer: Payer, amount: str) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    assert payer.pay(path, amount).status_code == 303


def test_without_payment_details_nothing_is_charged(books: Books, payer: Payer) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    before = payer.traces()
    answer = payer.client.post(f"{path}payments/", {"amount": "100.00", "token": ""})
    assert answer.status_code == 422
    assert "The payment form did not answer" in words(answer)
    answer = payer.pay(path, "100.00", token="tok_stolen")
    assert "These payment details can't be used" in words(answer)
    assert payer.traces() == before


def test_a_saved_method_is_never_charged_by_a_link(books: Books, payer: Payer) -> None:
    customer = books.customer()
    method = books.method(customer)
    path = payer.invoice_link(books.invoice(customer))
    answer = payer.pay(path, "100.00", token=method.token)
    assert answer.status_code == 422
    with tenant(books.id):
        assert not Intent.objects.exists()


def test_another_customer_s_invoice_can_t_be_named(books: Books, payer: Payer) -> None:
    customer = books.customer()
    books.invoice(customer)
    foreign = books.invoice(books.customer("Initech"))
    answer = payer.pay(payer.balance_link(customer), "100.00", invoices=[str(foreign.id)])
    assert answer.status_code == 422
    assert "One of these invoices can't be paid any more" in words(answer)
    assert payer.pay(payer.balance_link(customer), "1.00", invoices=["x"]).status_code == 422
    assert payer.pay(payer.balance_link(customer), "1.00").status_code == 422
    assert books.again(foreign).open_amount == 100


@pytest.mark.parametrize(
    ("last4", "said"),
    [
        ("0341", "There is not enough money for $100.00. Nothing was charged."),
        ("0002", "Your bank declined $100.00 and can tell you why. Nothing was charged."),
    ],
)
def test_a_declined_payment_says_what_to_do(
    books: Books, payer: Payer, last4: str, said: str
) -> None:
    invoice = books.invoice(books.customer())
    path = payer.invoice_link(invoice)
    page = payer.outcome(payer.pay(path, "100.00", last4=last4))
    assert said in page
    assert "Try another method" in page
    assert "stolen" not in page
    assert books.again(invoice).open_amount == 100
    assert "We have received" in payer.outcome(payer.pay(path, "100.00"))


def test_who_saw_the_decline_on_the_page_gets_no_mail_about_it(books: Books, payer: Payer) -> None:
    path = payer.invoice_link(books.invoice(books.customer(email="ann@globex.example")))
    payer.outcome(payer.pay(path, "100.00", last4="0002"))
    with tenant(books.id):
        assert not Message.objects.exists()


def test_who_saw_no_outcome_is_written_to_once_it_is_known(books: Books, payer: Payer) -> None:
    path = payer.invoice_link(books.invoice(books.customer(email="ann@globex.example")))
    payer.outcome(payer.pay(path, "100.00", last4="9987"))
    with tenant(books.id):
        intent = Intent.objects.get()
        assert not Message.objects.exists()
    payments.ask_gateway(organization_id=books.id, intent_id=intent.id, time=ASK_TIMES, at=AT)
    with tenant(books.id):
        assert Intent.objects.get().state == IntentState.CANCELLED
        assert Message.objects.get().purpose == "charge_failed"


def test_a_bank_debit_is_on_its_way(books: Books, payer: Payer) -> None:
    invoice = books.invoice(books.customer())
    path = payer.invoice_link(invoice)
    page = payer.outcome(payer.pay(path, "100.00", last4="6789"))
    assert "Your bank is processing the payment of $100.00" in page
    assert "under way already" in words(payer.see(path))
    assert books.again(invoice).open_amount == 100


@pytest.mark.parametrize("last4", ["9995", "9987"])
def test_an_unknown_outcome_is_told_as_such(books: Books, payer: Payer, last4: str) -> None:
    invoice = books.invoice(books.customer())
    path = payer.invoice_link(invoice)
    page = payer.outcome(payer.pay(path, "100.00", last4=last4))
    said = (
        "We do not know yet whether your bank took the payment. Please don't pay again; "
        "we'll write to you."
    )
    assert said in page
    assert "Try another" not in page
    assert "<iframe" not in words(payer.see(path))
    with tenant(books.id):
        assert Intent.objects.get().state == IntentState.UNKNOWN
    again = payer.pay(path, "100.00")
    assert said in payer.outcome(again)
    with tenant(books.id):
        assert Intent.objects.count() == 1


def test_saving_the_method_keeps_it_with_the_mandate_as_worded(books: Books, payer: Payer) -> None:
    customer = books.customer("Globex")
    path = payer.invoice_link(books.invoice(customer))
    page = payer.outcome(payer.pay(path, "100.00", save="on", name=" Ann Payer "))
    assert "You have allowed automatic payments with this method." in page
    with tenant(books.id):
        method = PaymentMethod.objects.get(customer=customer, default=True)
        mandate = Mandate.objects.get(method=method)
        intent = Intent.objects.get()
    assert (mandate.channel, mandate.given_by) == ("web", "Ann Payer")
    assert mandate.text.startswith("I allow Acme to charge this payment method for the invoices of")
    # As far as a schedule may go: all that is open, and sub-accounts.
    assert "and of its sub-accounts" in mandate.text
    assert "on or after the day it is issued" in mandate.text
    assert (intent.token, intent.purpose) == (method.token, Purpose.PAY_LINK)
    assert SANDBOX.describe(method.token).last4 == "4242"


def test_a_permission_has_a_name(books: Books, payer: Payer) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    answer = payer.pay(path, "100.00", save="on")
    assert answer.status_code == 422
    assert "Write your name to allow automatic payments." in words(answer)


def test_a_method_that_was_declined_is_not_kept(books: Books, payer: Payer) -> None:
    customer = books.customer()
    former = books.method(customer)
    path = payer.invoice_link(books.invoice(customer))
    payer.outcome(payer.pay(path, "100.00", last4="0341", save="on", name="Ann"))
    with tenant(books.id):
        assert PaymentMethod.objects.get(removed_at=None) == former
        assert Mandate.objects.get(revoked_at=None).method_id == former.id
        assert PaymentMethod.objects.get(default=True) == former
        token = Intent.objects.get().token
    for arguments in jobs_of(books.id, "paidup.payments.jobs.forget_method"):
        forget_method(**arguments)
    with pytest.raises(Rejected):
        SANDBOX.describe(token)


def test_a_method_is_charged_by_itself_only_once_its_payment_went_through(
    books: Books, payer: Payer
) -> None:
    customer = books.customer()
    former = books.method(customer)
    path = payer.invoice_link(books.invoice(customer))
    payer.outcome(payer.pay(path, "100.00", last4="9995", save="on", name="Ann"))
    with tenant(books.id):
        assert PaymentMethod.objects.get(default=True) == former
        intent = Intent.objects.get()
    payments.ask_gateway(organization_id=books.id, intent_id=intent.id, time=1, at=AT)
    with tenant(books.id):
        assert PaymentMethod.objects.get(default=True).last4 == "9995"


def test_a_crash_after_the_charge_loses_neither_method_nor_permission(
    books: Books, payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = books.customer()
    path = payer.invoice_link(books.invoice(customer))
    run = payments.run_charge

    def run_and_die(**asked: Any) -> Intent:
        run(**asked)
        raise KeyboardInterrupt

    monkeypatch.setattr(payments, "run_charge", run_and_die)
    with pytest.raises(KeyboardInterrupt):
        payer.pay(path, "100.00", save="on", name="Ann Payer")
    with tenant(books.id):
        method = PaymentMethod.objects.get(customer=customer, default=True)
        assert Mandate.objects.get(method=method).given_by == "Ann Payer"


def test_an_invoice_paid_otherwise_meanwhile_takes_no_payment(books: Books, payer: Payer) -> None:
    customer = books.customer()
    invoice = books.invoice(customer)
    path = payer.invoice_link(invoice)
    books.run(books.claim(customer, invoice))
    answer = payer.pay(path, "100.00")
    assert answer.status_code == 302
    assert "This invoice is paid" in words(payer.client.get(answer.url))
    with tenant(books.id):
        assert Payment.objects.count() == 1
        assert Allocation.objects.count() == 1


def test_what_is_open_less_meanwhile_is_said(books: Books, payer: Payer) -> None:
    invoice = books.invoice(books.customer())
    path = payer.invoice_link(invoice)
    payer.pay(path, "60.00")
    answer = payer.pay(path, "100.00", token=one_time_token())
    assert answer.status_code == 422
    assert "Pay at most $40.00" in words(answer)


def test_a_payment_that_is_being_made_shows_its_outcome_by_itself(
    books: Books, payer: Payer
) -> None:
    customer = books.customer()
    invoice = books.invoice(customer)
    intent = books.claim(customer, invoice)
    path = payer.invoice_link(invoice)
    answer = payer.pay(path, "100.00")  # sent while the first one's gateway has not answered yet
    assert answer.url == f"{path}payments/{intent.id}/"
    page = payer.see(answer.url)
    assert "Your payment is being made" in words(page)
    assert page["Refresh"] == "3"
    books.run(intent)
    page = payer.see(answer.url)
    assert "We have received your payment" in words(page)
    assert "Refresh" not in page

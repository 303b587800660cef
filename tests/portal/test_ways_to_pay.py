"""A pay page offers what may be paid with, and nothing else gets through it."""

import pytest

from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.models import Intent, PaymentMethod
from paidup.payments.operations import MethodRefused
from tests.portal.payer import Payer, words
from tests.support.books import Books
from tests.support.templates import add_template, edit, take


def bill(books: Books, customer: Customer, *kinds: str) -> Invoice:
    """An invoice with a template of its own."""
    template = add_template(books, f"By {' or '.join(kinds)}", *kinds)
    edit(books, customer, invoice_template=template)
    return books.invoice(customer)


def test_the_frame_takes_what_is_allowed_alone(books: Books, payer: Payer) -> None:
    invoice = bill(books, books.customer(), "bank_debit", "wire")
    page = words(payer.see(payer.invoice_link(invoice)))
    assert "kinds=bank_debit" in page
    assert "kinds=card" not in page
    form = payer.client.get("/sandbox/form/?amount=1.00&currency=USD&kinds=bank_debit").text
    assert "Bank debit ending 6789" in form
    assert "Visa" not in form


@pytest.mark.parametrize("at", ["template", "customer", "organization"])
def test_a_card_sent_where_only_bank_is_allowed_is_refused_uncharged(
    books: Books, payer: Payer, at: str
) -> None:
    customer = books.customer()
    if at == "template":
        edit(books, customer, invoice_template=add_template(books, "By bank", "bank_debit"))
    invoice = books.invoice(customer)
    path = payer.invoice_link(invoice)
    if at == "customer":
        edit(books, customer, payment_kinds=["bank_debit"])
    if at == "organization":
        take(books, "bank_debit")
    answer = payer.pay(path, "100.00")
    assert answer.status_code == 422
    assert "Card is not accepted here. Pay by: Bank debit." in words(answer)
    answer = payer.pay(path, "100.00", save="on", name="Ann")
    assert "Card can't be kept for automatic payments" in words(answer)
    with tenant(books.id):
        assert not Intent.objects.exists()
        assert not PaymentMethod.objects.exists()
    assert payer.pay(path, "100.00", last4="6789").status_code == 303


def test_what_is_not_paid_online_says_how_it_is(books: Books, payer: Payer) -> None:
    invoice = bill(books, books.customer(), "wire", "check")
    page = words(payer.see(payer.invoice_link(invoice)))
    assert "This is not paid online. Pay by: Check, Wire. Ask Acme where to pay to." in page
    assert "<iframe" not in page
    assert payer.pay(payer.invoice_link(invoice), "100.00").status_code in {302, 422}
    with tenant(books.id):
        assert not Intent.objects.exists()


def test_invoices_with_nothing_in_common_are_paid_apart(books: Books, payer: Payer) -> None:
    customer = books.customer()
    card, bank, wire = (bill(books, customer, kind) for kind in ("card", "bank_debit", "wire"))
    path = payer.balance_link(customer)
    page = words(payer.see(path))
    assert "Pay by: Card" in page
    assert "Pay by: Wire" in page
    assert "can't all be paid at once" in page
    assert "Pay $100.00" in page, "the oldest alone is chosen"
    both = [str(card.id), str(bank.id)]
    answer = payer.pay(path, "200.00", invoices=both)
    assert "no way to pay all of these invoices at once" in words(answer)
    assert payer.pay(path, "100.00", invoices=[str(wire.id)]).status_code == 422
    with tenant(books.id):
        assert not Intent.objects.exists()
    assert payer.pay(path, "100.00", invoices=[str(card.id)]).status_code == 303


def test_no_other_door_keeps_a_method_that_may_not_be_used(books: Books) -> None:
    customer = books.customer()
    edit(books, customer, payment_kinds=["bank_debit"])
    with pytest.raises(MethodRefused, match="only: Bank debit"):
        books.method(customer)
    assert books.method(customer, last4="6789").kind == "bank_debit"
    with pytest.raises(payments.ChargeRefused, match="Card is not accepted here"):
        books.claim(customer, books.invoice(customer))


def test_what_is_not_kept_is_not_offered_to_be(books: Books, payer: Payer) -> None:
    customer = books.customer()
    path = payer.invoice_link(bill(books, customer, "card"))
    assert "allow automatic payments" in words(payer.see(path))
    edit(books, customer, invoice_template=add_template(books, "By wire", "wire"))
    page = words(payer.see(path))
    assert "Pay $100.00" in page
    assert "allow automatic payments" not in page
    refused = words(payer.pay(path, "100.00", save="on", name="Ann"))
    assert "Card can't be kept for automatic payments. Pay without saving it." in refused
    assert payer.pay(path, "100.00").status_code == 303


def test_each_says_how_it_is_paid_beside_a_payment_under_way(books: Books, payer: Payer) -> None:
    customer = books.customer()
    card = bill(books, customer, "card")
    books.claim(customer, card)
    bill(books, customer, "wire")
    page = words(payer.see(payer.balance_link(customer)))
    assert "is under way already" in page
    assert "Pay by: Wire" in page

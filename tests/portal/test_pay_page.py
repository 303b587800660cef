"""What a pay page shows, and what it never does."""

import re

from pytest_django import Settings

from tests.portal.payer import Payer, words
from tests.support.books import Books


def test_an_invoice_s_page_shows_that_invoice_alone(books: Books, payer: Payer) -> None:
    customer = books.customer("Globex")
    invoice = books.invoice(customer, "1234.50", due_in=-3)
    other = books.invoice(customer, "77.00")
    page = words(payer.see(payer.invoice_link(invoice)))
    for shown in (invoice.number, "$1,234.50", "3 days overdue", "From Acme to Globex", "Acme"):
        assert shown in page
    assert other.number not in page
    assert "77.00" not in page
    assert "Pay $1,234.50" in page
    assert 'value="1,234.50"' in page


def test_no_staff_data_and_no_other_customer_is_on_the_page(books: Books, payer: Payer) -> None:
    customer = books.customer("Globex", email="ann@globex.example")
    invoice = books.invoice(customer)
    books.invoice(books.customer("Initech"), "55.00")
    page = words(payer.see(payer.balance_link(customer)))
    for hidden in (books.owner.name, books.owner.user.email, "ann@globex.example", "Initech"):
        assert hidden not in page
    assert invoice.number in page


def test_a_balance_shows_every_open_invoice_in_its_currency(books: Books, payer: Payer) -> None:
    customer = books.customer()
    dollars = books.invoice(customer, "100.00", due_in=-5)
    later = books.invoice(customer, "23.45", due_in=9)
    euros = books.invoice(customer, "830.00", currency="EUR")
    path = payer.balance_link(customer)
    page = words(payer.see(path))
    assert page.index(dollars.number) < page.index(later.number)
    assert "$123.45" in page
    assert euros.number not in page
    page = words(payer.see(path, currency="EUR"))
    assert euros.number in page
    assert "€830.00" in page
    assert dollars.number not in page


def test_a_currency_in_which_nothing_is_open_shows_what_is(books: Books, payer: Payer) -> None:
    customer = books.customer()
    euros = books.invoice(customer, "830.00", currency="EUR")
    assert euros.number in words(payer.see(payer.balance_link(customer), currency="<b>"))


def test_opening_a_link_changes_nothing(books: Books, payer: Payer) -> None:
    customer = books.customer()
    invoice = books.invoice(customer)
    paths = [payer.invoice_link(invoice), payer.balance_link(customer)]
    before = payer.traces(), books.again(invoice).open_amount
    for path in paths:
        for address in (path, f"{path}payments/", f"{path}invoices/{invoice.id}/pdf/"):
            payer.see(address)
            payer.client.head(address)
    assert (payer.traces(), books.again(invoice).open_amount) == before


def test_a_saved_method_is_not_shown(books: Books, payer: Payer) -> None:
    customer = books.customer()
    books.method(customer, last4="4444")
    invoice = books.invoice(customer)
    assert "4444" not in words(payer.see(payer.invoice_link(invoice)))


def test_a_paid_invoice_says_so_and_has_no_form(books: Books, payer: Payer) -> None:
    customer = books.customer()
    invoice = books.invoice(customer)
    path = payer.invoice_link(invoice)
    payer.pay(path, "100.00")
    page = words(payer.see(path))
    assert "This invoice is paid. Thank you!" in page
    assert "<iframe" not in page
    assert "Everything is paid. Thank you!" in words(payer.see(payer.balance_link(customer)))


def test_a_charge_under_way_says_so_and_leaves_no_form(books: Books, payer: Payer) -> None:
    customer = books.customer()
    invoice = books.invoice(customer)
    books.claim(customer, invoice)
    for path in (payer.invoice_link(invoice), payer.balance_link(customer)):
        page = words(payer.see(path))
        assert "A payment of $100.00 is under way already" in page
        assert "<iframe" not in page


def test_of_a_balance_what_is_not_under_way_can_be_paid(books: Books, payer: Payer) -> None:
    customer = books.customer()
    taken, free = books.invoice(customer, "40.00"), books.invoice(customer, "60.00")
    books.claim(customer, taken)
    page = words(payer.see(payer.balance_link(customer)))
    assert "Payment under way" in page
    assert re.findall(r'name="invoices" value="([^"]+)"', page) == [str(free.id)]
    assert "Pay $60.00" in page


def test_a_part_paid_invoice_shows_what_was_paid(books: Books, payer: Payer) -> None:
    invoice = books.invoice(books.customer())
    path = payer.invoice_link(invoice)
    payer.pay(path, "30.00")
    page = words(payer.see(path))
    assert "Pay $70.00" in page
    assert "Paid so far</dt><dd>$30.00" in page


def test_the_due_day_is_told_in_plain_words(books: Books, payer: Payer) -> None:
    customer = books.customer()
    for days, said in ((0, "Due today"), (1, "Due in 1 day"), (-1, "1 day overdue")):
        invoice = books.invoice(customer, due_in=days)
        assert said in words(payer.see(payer.invoice_link(invoice)))


def test_the_wording_of_the_permission_is_whole(books: Books, payer: Payer) -> None:
    customer = books.customer("Globex")
    page = words(payer.see(payer.invoice_link(books.invoice(customer))))
    assert "Save this method and allow automatic payments" in page
    assert f"the invoices of Globex (account {customer.number})" in page
    assert "I can end this at any time" in page


def test_the_pdf_is_the_invoice_s(books: Books, payer: Payer) -> None:
    customer = books.customer()
    invoice, other = books.invoice(customer), books.invoice(customer)
    path = payer.invoice_link(invoice)
    answer = payer.see(f"{path}invoices/{invoice.id}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert payer.see(f"{path}invoices/{other.id}/pdf/").status_code == 404
    balance = payer.balance_link(customer)
    assert payer.see(f"{balance}invoices/{other.id}/pdf/").status_code == 200


def test_the_page_bears_the_organization_s_colour(books: Books, payer: Payer) -> None:
    page = payer.see(payer.invoice_link(books.invoice(books.customer())))
    assert 'href="/brand.css"' in words(page)
    assert books.organization.colour in payer.see("/brand.css").content.decode()


def test_nothing_of_a_pay_page_is_kept_by_caches(books: Books, payer: Payer) -> None:
    page = payer.see(payer.invoice_link(books.invoice(books.customer())))
    assert "no-store" in page["Cache-Control"]


def test_without_a_gateway_the_page_says_how_to_pay(
    books: Books, payer: Payer, settings: Settings
) -> None:
    path = payer.invoice_link(books.invoice(books.customer()))
    settings.DEMO = settings.TESTING = False  # the sandbox is not offered then
    page = words(payer.see(path))
    assert "Payments can't be made on this page yet" in page
    assert "<iframe" not in page

"""The portal's inside: one's own customers' invoices and payments, and nobody else's."""

from uuid import uuid4

import pytest

from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.lifecycle.deletion import delete_customer
from paidup.portal_access import operations as portal_access
from paidup.portal_access.models import Login, Ticket
from tests.lifecycle.cast import pay
from tests.support.books import Books

from .guest import Guest, accepted
from .payer import one_time_token, words


@pytest.fixture
def ann(books: Books) -> Contact:
    """A contact of two customers, of which one has an invoice open and one paid."""
    globex, initech = books.customer("Globex"), books.customer("Initech")
    ann = books.contact(globex, "ann@globex.example")
    with tenant(books.id):
        customers.link_contact(customer=initech, contact=ann, by=books.by, at=books.at)
    books.invoice(globex, "20.00", due_in=-40)
    pay(books, globex, "20.00")
    books.invoice(globex, "100.00")
    books.invoice(initech, "55.00")
    books.invoice(books.customer("Umbrella"), "7777.00")
    return ann


@pytest.fixture
def guest(books: Books, ann: Contact) -> Guest:
    return accepted(books, ann)


def invoice(books: Books, total: str) -> Invoice:
    with tenant(books.id):
        return Invoice.objects.get(total=total)


def test_the_open_invoices_of_one_customer_at_a_time(books: Books, guest: Guest) -> None:
    page = words(guest.client.get("/", follow=True))
    assert "$100.00" in page
    assert "Globex" in page
    assert "Initech" in page
    assert not [other for other in ("$55.00", "$20.00", "7,777", "Umbrella") if other in page]
    other = f"/accounts/{invoice(books, '55').customer_id}/invoices/"
    assert "$55.00" in words(guest.get(other))
    paid = words(guest.get(f"/accounts/{invoice(books, '20').customer_id}/invoices/?show=paid"))
    assert "$20.00" in paid
    assert "$100.00" not in paid


def test_an_invoice_its_file_and_the_way_to_pay_it(books: Books, guest: Guest) -> None:
    bill = invoice(books, "100")
    path = f"/accounts/{bill.customer_id}/invoices/{bill.id}/"
    assert f"Invoice {bill.number}" in words(guest.get(path))
    file = guest.get(f"{path}pdf/")
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")
    pay_page = guest.post(f"{path}payment/").url
    made = guest.client.post(
        f"{pay_page}payments/", {"token": one_time_token(), "amount": "100.00"}
    )
    assert made.status_code == 303
    assert "My invoices" in words(guest.get(pay_page))
    assert "paid" in words(guest.get(path))
    payments = words(guest.get(f"/accounts/{bill.customer_id}/payments/"))
    assert "$100.00" in payments
    assert bill.number in payments


def test_several_are_paid_at_once(books: Books, guest: Guest) -> None:
    bill = invoice(books, "55")
    answer = guest.post(f"/accounts/{bill.customer_id}/payment/")
    assert "Your open invoices" in words(guest.get(answer.url))


def test_nothing_of_others_is_there(books: Books, guest: Guest) -> None:
    mine, other = invoice(books, "100"), invoice(books, "7777")
    for account, bill in (
        (other.customer_id, other.id),
        (mine.customer_id, other.id),
        (invoice(books, "55").customer_id, mine.id),
        (uuid4(), mine.id),
    ):
        path = f"/accounts/{account}/invoices/{bill}/"
        assert guest.get(path).status_code == 404
        assert guest.get(f"{path}pdf/").status_code == 404
        assert guest.client.post(f"{path}payment/").status_code == 404
    theirs = f"/accounts/{other.customer_id}"
    assert guest.get(f"{theirs}/invoices/").status_code == 404
    assert guest.get(f"{theirs}/payments/").status_code == 404
    assert guest.client.post(f"{theirs}/payment/").status_code == 404
    outside = Guest(books)
    assert outside.get(f"/accounts/{mine.customer_id}/invoices/").url == "/sign-in/"
    assert outside.get(f"{theirs}/invoices/").url == "/sign-in/"


def test_a_customer_that_is_disabled_or_deleted_is_gone(
    books: Books, ann: Contact, guest: Guest
) -> None:
    globex = invoice(books, "100").customer_id
    assert globex
    with tenant(books.id):
        link = ContactLink.objects.get(contact=ann, customer_id=globex)
        portal_access.disable(link=link, by=books.by, at=books.at)
    assert guest.get(f"/accounts/{globex}/invoices/").status_code == 404
    assert "Globex" not in words(guest.client.get("/", follow=True))
    with tenant(books.id):
        customers.unlink_contact(link=link, by=books.by, at=books.at)
        initech = invoice(books, "55").customer
        assert initech
    pay(books, initech, "55.00")
    with tenant(books.id):
        delete_customer(customer=initech, by=books.by, at=books.at)
        assert not Login.objects.exists()
        assert not Ticket.objects.exists()
    assert guest.get("/").url == "/sign-in/"

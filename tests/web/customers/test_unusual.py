"""What forms ask about before they do it, as it is mostly a slip of the keyboard."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from paidup.customers import duplicates, search
from paidup.customers.models import Customer
from paidup.customers.operations import add_contact
from paidup.invoicing.models import Invoice, Promise
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.roles import RoleDetails, add_role
from paidup.organizations.states import Level, Module
from paidup.payments.models import Credit, Payment
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, signed_in

from .people import customers_path, record_path

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer("Halford Foods Ltd")


def answer_to(page: str) -> str:
    """What the button says that goes on."""
    found = re.search(r'name="sure"\s+value="([^"]*)"', page)
    assert found, "no question was asked"
    return unescape(found[1])


def asked(client: Client, path: str, **data: Any) -> str:
    """The form with its question; nothing was done."""
    answer = client.post(path, data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "form-question" in page
    answer_to(page)
    return page


def agreed(client: Client, path: str, **data: Any) -> None:
    """Asked, and done after a yes."""
    page = asked(client, path, **data)
    assert client.post(path, data | {"sure": answer_to(page)}).status_code == 302


@pytest.mark.parametrize(
    "name",
    ["Halford Foods", "Haleford Foods Ltd", "HALFORD-FOODS LIMITED", "The Halford Foods Company"],
)
def test_a_customer_that_is_here_already_is_asked_about(
    books: Books, client: Client, customer: Customer, name: str
) -> None:
    path = customers_path(books, "new/")
    page = asked(client, path, name=name, terms_days="30")
    assert f'<a href="{record_path(books, customer)}" target="_blank">Halford Foods Ltd</a>' in page
    with tenant(books.id):
        assert Customer.objects.count() == 1
    agreed(client, path, name=name, terms_days="30")
    with tenant(books.id):
        assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    ("known", "name"),
    [("AT&T", "AT&T"), ("AT&T", "AT&T Inc."), ("O'Brien Ltd", "OBrien"), ("& Co", "& Co")],
)
def test_signs_in_a_name_hide_nothing(books: Books, client: Client, known: str, name: str) -> None:
    for number in range(10):  # so many that names merely alike are looked for no more
        books.customer(f"Battery {number}")
    books.customer(known)
    asked(client, customers_path(books, "new/"), name=name, terms_days="30")


def test_the_same_name_is_found_among_very_many_alike(
    books: Books, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Alpine Dental", "Bergen Dental", "Dental"):
        books.customer(name)
    monkeypatch.setattr(search, "MOST_COUNTED", 1)  # more than these are in no order of likeness
    monkeypatch.setattr(duplicates, "_COMPARED", 1)
    asked(client, customers_path(books, "new/"), name="Dental", terms_days="30")


def test_a_name_stays_text_and_may_have_a_line_end(books: Books, client: Client) -> None:
    books.customer("<b>Bold</b>\nFoods")
    data = {"name": "<b>Bold</b> Foods", "terms_days": "30"}
    page = asked(client, customers_path(books, "new/"), **data)
    assert "<b>Bold" not in page
    sure = answer_to(page).replace("\n", "\r\n")  # as a browser sends it
    answer = client.post(customers_path(books, "new/"), data | {"sure": sure})
    assert answer.status_code == 302


def test_an_answer_stays_while_something_else_is_mended(
    books: Books, client: Client, customer: Customer
) -> None:
    path = customers_path(books, "new/")
    data = {"name": "Halford Foods", "terms_days": "30", "number": customer.number}
    sure = answer_to(asked(client, path, **data))
    refused = client.post(path, data | {"sure": sure})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "form-question" not in page
    assert '<button type="submit" class="btn btn-primary" name="sure"' not in page
    mended = data | {"number": "", "sure": answer_to(page)}
    assert client.post(path, mended).status_code == 302


def test_a_phone_number_of_the_customer_itself_is_asked_about(books: Books, client: Client) -> None:
    path = customers_path(books, "new/")
    phone = {"terms_days": "30", "phone": "(212) 555-0702"}
    assert client.post(path, {"name": "Initech", **phone}).status_code == 302
    assert "Initech" in asked(client, path, name="Globex", **phone)


@pytest.mark.parametrize(
    "same", [{"contact_email": "Ann@Halford.example"}, {"phone": "(212) 555-0702"}]
)
def test_a_contact_known_elsewhere_is_asked_about(
    books: Books, client: Client, customer: Customer, same: dict[str, str]
) -> None:
    with tenant(books.id):
        add_contact(
            customer=customer,
            name="Ann",
            email="ann@halford.example",
            phone="+12125550702",
            by=books.by,
            at=books.at,
        )
    page = asked(client, customers_path(books, "new/"), name="Initech", terms_days="30", **same)
    assert "Halford Foods Ltd" in page


def test_a_person_known_already_is_asked_about(
    books: Books, client: Client, customer: Customer
) -> None:
    books.contact(customer, "ann@halford.example")
    other = books.customer("Initech")
    person = {"name": "Ann", "email": "ANN@halford.example", "language": "en", "role": "billing"}
    path = record_path(books, other, "contacts/")
    assert "has this address already" in asked(client, path, **person)
    path = f"/o/{books.organization.slug}/contacts/new/"
    assert "has this address already" in asked(client, path, **person, customer=other.number)
    agreed(client, path, **person, customer=other.number)
    assert client.post(path, person | {"email": "", "customer": other.number}).status_code == 302


def test_an_address_is_found_among_longer_ones(
    books: Books, client: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for email in ("joann@halford.example", "ann@halford.example"):
        books.contact(customer, email)
    monkeypatch.setattr(duplicates, "_COMPARED", 1)
    person = {"name": "Ann", "email": "ann@halford.example", "language": "en", "role": "billing"}
    asked(client, record_path(books, customer, "contacts/"), **person)


def test_another_name_is_not_asked_about(books: Books, client: Client, customer: Customer) -> None:
    data = {"name": "Halford Motors", "terms_days": "30"}
    assert client.post(customers_path(books, "new/"), data).status_code == 302


def test_a_limited_member_is_not_told_of_hidden_customers(books: Books, customer: Customer) -> None:
    data = {"name": customer.name, "terms_days": "30"}
    levels = dict.fromkeys(Module, Level.EDIT)
    details = RoleDetails(name="Limited", limited=True, levels=levels)
    with tenant(books.id):
        role = add_role(details=details, by=books.by, at=books.at)
    client = client_of(member_with(books, role).user)
    assert client.post(customers_path(books, "new/"), data).status_code == 302


def test_more_than_is_owed_is_asked_about(books: Books, client: Client, customer: Customer) -> None:
    invoice = books.invoice(customer, "100.00")
    path = record_path(books, customer, "credit/")
    data = {"amount": "1000", "description": "Goodwill", "reason": "goodwill"}
    assert "$900.00 would stay unapplied" in asked(client, path, **data)
    assert "only $100.00 open" in asked(client, path, **data, invoice=invoice.id)
    with tenant(books.id):
        assert not Credit.objects.exists()
    agreed(client, path, **data)
    waits = data | {"leave_unapplied": "on"}
    assert client.post(path, waits).status_code == 302
    with tenant(books.id):
        assert Credit.objects.count() == 2
        assert Customer.objects.get().unapplied_amount == Decimal(1900)


def test_a_yes_to_one_amount_is_none_to_another(
    books: Books, client: Client, customer: Customer
) -> None:
    path = record_path(books, customer, "payment/")
    today = books.organization.day(clock.now())
    data = {"amount": "10", "kind": "check", "received_on": today.isoformat()}
    sure = answer_to(asked(client, path, **data))
    asked(client, path, **data | {"amount": "100", "sure": sure})
    with tenant(books.id):
        assert not Payment.objects.exists()


def test_a_day_long_ago_or_far_ahead_is_asked_about(
    books: Books, client: Client, customer: Customer
) -> None:
    invoice = books.invoice(customer, "100.00")
    today: date = books.organization.day(clock.now())
    paid = {
        "amount": "10",
        "kind": "check",
        "received_on": (today - timedelta(days=200)).isoformat(),
    }
    page = asked(client, record_path(books, customer, "payment/"), **paid)
    assert "200 days ago" in page
    later = (today + timedelta(days=400)).isoformat()
    promised = {"invoice": invoice.id, "promised_for": later}
    page = asked(client, record_path(books, customer, "promise/"), **promised)
    assert "400 days ahead" in page
    of_invoice = f"/o/{books.organization.slug}/invoices/{invoice.id}/promise/"
    asked(client, of_invoice, amount="100", promised_for=later)
    lines = {
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "lines-0-description": "Pumps",
        "lines-0-quantity": 1,
        "lines-0-unit_price": 5,
        "lines-0-tax_rate": 0,
    }
    issued = lines | {"issued_on": today.isoformat(), "due_on": later}
    asked(client, record_path(books, customer, "invoice/"), **issued)
    with tenant(books.id):
        assert not Promise.objects.exists()
        assert not Payment.objects.exists()
        assert Invoice.objects.count() == 1
    agreed(client, record_path(books, customer, "promise/"), **promised)

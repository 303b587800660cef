"""Merging by the page: choose, see, type the name; afterwards old addresses lead to the other."""

import re
from html import unescape

import pytest
from django.test import Client

from paidup.customers.models import Customer
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments import links
from paidup.payments import operations as payments
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

from .people import customers_path, queries, record_path, shown

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.fixture
def source(books: Books) -> Customer:
    customer = books.customer("Globex Inc", email="ann@globex.test")
    books.invoice(customer, "120.00", due_in=-5)
    return customer


@pytest.fixture
def target(books: Books) -> Customer:
    return books.customer("Globex")


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def merger(books: Books, target: Customer, source: Customer | None = None) -> str:
    path = record_path(books, target, "merger/")
    return f"{path}?from={source.id}" if source else path


def merged(client: Client, books: Books, source: Customer, target: Customer) -> None:
    answer = client.post(merger(books, target, source), {"typed": source.name})
    assert answer.status_code == 302
    assert answer["Location"] == record_path(books, target)


def test_the_menu_leads_there(client: Client, books: Books, target: Customer) -> None:
    assert f'href="{merger(books, target)}"' in shown(client, record_path(books, target))


def test_those_of_a_like_name_are_offered_first(
    client: Client, books: Books, source: Customer, target: Customer
) -> None:
    books.customer("Initech")
    page = shown(client, merger(books, target))
    assert f"?from={source.id}" in page
    assert f"?from={target.id}" not in page
    assert "Initech" not in page
    assert "Initech" in shown(client, merger(books, target), q="initceh")
    assert "No other customer matches" in shown(client, merger(books, target), q="zzzzzz")


def test_the_preview_counts(
    client: Client, books: Books, source: Customer, target: Customer
) -> None:
    books.invoice(source, "70.00", currency="EUR")
    page = words(shown(client, merger(books, target, source)))
    assert "Open, USD $120.00 $0.00 $120.00" in page
    assert "Open, EUR €70.00 €0.00 €70.00" in page
    assert "Invoices 2" in page
    assert "Contacts 1" in page
    assert "Saved payment methods" not in page
    assert "Keep Globex Inc instead" in page


def test_nothing_happens_until_the_name_is_typed(
    client: Client, books: Books, source: Customer, target: Customer
) -> None:
    for typed in ("", "Globex", "globex inc"):
        answer = client.post(merger(books, target, source), {"typed": typed})
        assert answer.status_code == 422
        assert "Type Globex Inc, the name of the customer that goes" in words(
            answer.content.decode()
        )
    with tenant(books.id):
        assert Customer.objects.filter(id=source.id).exists()


def test_a_blocker_is_named_and_nothing_can_be_typed(
    client: Client, books: Books, source: Customer, target: Customer
) -> None:
    books.claim(source, books.invoice(source, "33.00"))
    page = shown(client, merger(books, target, source))
    assert "for Globex Inc is under way" in page
    assert 'name="typed"' not in page
    answer = client.post(merger(books, target, source), {"typed": source.name})
    assert answer.status_code == 422
    with tenant(books.id):
        assert Customer.objects.filter(id=source.id).exists()


def test_old_addresses_lead_to_the_other(
    client: Client, books: Books, source: Customer, target: Customer
) -> None:
    merged(client, books, source, target)
    for rest in ("", "?tab=timeline", "details/", "panel/"):
        answer = client.get(record_path(books, source, "") + rest)
        assert answer.status_code == 302
        assert answer["Location"] == record_path(books, target, "") + rest
    answer = client.post(record_path(books, source, "note/"), {"text": "Late"})
    assert answer["Location"] == record_path(books, target)
    again = client.get(merger(books, target, source))
    assert again["Location"] == merger(books, target, target)
    assert "That is the same customer" in shown(client, again["Location"])


def test_the_timeline_tells_of_both(
    client: Client, books: Books, source: Customer, target: Customer
) -> None:
    merged(client, books, source, target)
    page = words(shown(client, record_path(books, target), tab="timeline"))
    assert f"Customer {source.number} Globex Inc merged into this one" in page
    assert page.count("Customer added") == 2
    assert "Invoice" in words(shown(client, record_path(books, target), tab="timeline"))
    panel = words(shown(client, record_path(books, target, "panel/")))
    assert "merged into this one" in panel


def test_the_list_finds_the_other_by_the_old_name_and_number(
    client: Client, books: Books, source: Customer, target: Customer
) -> None:
    merged(client, books, source, target)
    for q in ("Globex Inc", source.number):
        page = shown(client, customers_path(books), q=q)
        assert str(target.id) in page
        assert str(source.id) not in page


def test_pay_links_sent_earlier_still_open(
    client: Client, books: Books, source: Customer, target: Customer
) -> None:
    bill = books.invoice(target, "40.00")
    with tenant(books.id):
        old = payments.balance_link(customer=source, at=books.at)
        own = payments.balance_link(customer=target, at=books.at)
    merged(client, books, source, target)
    payer = Client(SERVER_NAME=f"{books.organization.slug}.localhost")
    for link in (old, own):
        page = words(payer.get(f"/pay/{links.token(link)}/").content.decode())
        assert "$160.00" in page
        assert bill.number in page
    with tenant(books.id):
        assert payments.balance_link(customer=target, at=books.at).id == own.id
    client.post(record_path(books, target, "pay-link/revocation/"))
    for link in (old, own):
        assert payer.get(f"/pay/{links.token(link)}/").status_code == 404


def test_who_may_only_look_may_not_merge(books: Books, source: Customer, target: Customer) -> None:
    answer = onlooker(books).post(merger(books, target, source), {"typed": source.name})
    assert answer.status_code == 403
    assert merger(books, target) not in shown(onlooker(books), record_path(books, target))


def test_a_strangers_customer_is_not_there(client: Client, books: Books, target: Customer) -> None:
    other = found_books(at=clock.now())
    foreign = other.customer("Globex abroad")
    assert client.get(merger(books, target, foreign)).status_code == 404
    assert client.get(f"{merger(books, target)}?from=nonsense").status_code == 404


def test_the_record_asks_no_more_than_before(
    client: Client, books: Books, source: Customer, target: Customer
) -> None:
    merged(client, books, source, target)
    for tab in ("transactions", "timeline", "notes", "communication", "todo"):
        assert queries(client, record_path(books, target), tab=tab) <= 15

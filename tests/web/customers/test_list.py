"""The customers list: whom it shows, in which order, and what it says of them."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from paidup.customers import operations as customers
from paidup.customers import search
from paidup.customers.models import Customer
from paidup.lib import clock
from paidup.lib.spreadsheet import harmless
from paidup.lib.tenancy import tenant
from paidup.organizations.members import deactivate
from paidup.organizations.models import User
from paidup.organizations.operations import add_member
from paidup.organizations.queries import ready_role
from paidup.organizations.states import ReadyRole
from tests.support.books import Books, found_books
from tests.web.staff import member_with, signed_in

from .people import customers_path, names, queries, shown

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def test_active_customers_come_first_with_what_they_owe(books: Books, client: Client) -> None:
    owing, settled = books.customer("Globex", email="ann@globex.example"), books.customer("Initech")
    books.invoice(owing, "120.00", due_in=-3)
    books.invoice(owing, "30.00", due_in=5)
    page = shown(client, customers_path(books))
    assert names(page) == ["Globex"]
    assert "$150.00" in page
    assert "$120.00" in page, "what is overdue"
    assert "Ann" in page
    assert owing.number in page
    assert names(shown(client, customers_path(books), category="settled")) == [settled.name]


def test_each_category_says_how_many_it_has(books: Books, client: Client) -> None:
    for name in ("One", "Two", "Three"):
        books.invoice(books.customer(name))
    books.customer("Settled")
    sleeping = books.customer("Sleeping")
    with tenant(books.id):
        customers.deactivate_customer(customer=sleeping, by=books.by, at=books.at)
    page = shown(client, customers_path(books, "totals/"))
    counts = re.findall(r'id="count-(\w+)"[^>]*>([\d,]+)<', page)
    assert counts == [("active", "3"), ("settled", "1"), ("inactive", "1"), ("archived", "0")]


@pytest.mark.parametrize(
    "wanted", ["globex", "GLÖBEX", "glo", "gl", "globx", "C-00001", "ann@globex", "ann glob"]
)
def test_a_search_finds_in_many_ways(books: Books, client: Client, wanted: str) -> None:
    books.invoice(books.customer("Globex", email="ann@globex.example"))
    books.invoice(books.customer("Initech", email="bill@initech.example"))
    assert names(shown(client, customers_path(books), q=wanted)) == ["Globex"]


def test_the_best_match_comes_first(books: Books, client: Client) -> None:
    for name in ("Big Globex", "Aglobex", "Globex"):
        books.invoice(books.customer(name))
    page = shown(client, customers_path(books), q="globex")
    assert names(page) == ["Globex", "Big Globex", "Aglobex"]


def test_where_a_search_would_find_something(books: Books, client: Client) -> None:
    books.customer("Globex")
    books.customer("Globex Two")
    page = shown(client, customers_path(books), q="globex")
    assert "No active customer matches" in page
    assert "category=settled" in page
    assert re.search(r"Settled\s*<span class=\"faint\">2</span>", page)
    assert "category=archived" not in page


@pytest.mark.parametrize("wanted", ["globex", "gl", "c-", "mail"])
def test_a_search_that_finds_very_many(
    books: Books, client: Client, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        customer = books.customer(f"Globex {number}", email=f"a{number}@mail.example")
        if number < 5:
            books.invoice(customer, f"{number + 1}.00")
    books.invoice(books.customer("Other Ltd", email="o@else.example"))
    monkeypatch.setattr(search, "MOST_FETCHED", 6)
    monkeypatch.setattr(search, "MOST_COUNTED", 3)
    path = customers_path(books)
    page = shown(client, path, q=wanted, sort="-balance")
    found = names(page)
    assert found[-5:] == [f"Globex {number}" for number in (4, 3, 2, 1, 0)]
    assert ("Other Ltd" in found) == (wanted == "c-")
    totals = shown(client, customers_path(books, "totals/"), q=wanted)
    assert "1,000+" in totals
    assert "narrow the search down" in totals
    assert len(names(shown(client, path, q=wanted, category="settled"))) == 3
    nowhere = shown(client, path, q=wanted, category="archived")
    assert "No archived customer matches" in nowhere
    assert re.search(r"Settled\s*<span class=\"faint\">3</span>", nowhere)


def test_filters_combine(books: Books, client: Client) -> None:
    with tenant(books.id):
        user = User.objects.create_user("ben@mail.example", name="Ben", joined_at=books.at)
        ben = add_member(
            organization=books.organization,
            user=user,
            role=ready_role(books.organization, ReadyRole.AR_SPECIALIST),
        )
    for name, due_in in (("Late", -40), ("Later", -70), ("Early", 3)):
        customer = books.customer(name)
        books.invoice(customer, due_in=due_in)
        if name != "Early":
            with tenant(books.id):
                customers.change_owner(customer=customer, owner=ben, by=books.by, at=books.at)
    path = customers_path(books)
    assert names(shown(client, path, owner=ben.id)) == ["Late", "Later"]
    assert names(shown(client, path, owner=ben.id, aging="days_31_60")) == ["Late"]
    assert names(shown(client, path, aging="days_61_90")) == ["Later"]
    assert names(shown(client, path, aging="current")) == ["Early"]
    assert names(shown(client, path, owner=ben.id, q="lat", aging="days_61_90")) == ["Later"]
    assert "No customer passes these filters" in shown(client, path, aging="over_90")


@pytest.mark.parametrize(
    "bucket",
    [
        ("current", 0),
        ("days_1_30", -1),
        ("days_1_30", -30),
        ("days_31_60", -31),
        ("days_31_60", -60),
        ("days_61_90", -61),
        ("days_61_90", -90),
        ("over_90", -91),
    ],
)
def test_the_edges_of_the_ages(books: Books, client: Client, bucket: tuple[str, int]) -> None:
    age, due_in = bucket
    books.invoice(books.customer("Globex"), due_in=due_in)
    found = {
        asked
        for asked in ("current", "days_1_30", "days_31_60", "days_61_90", "over_90")
        if names(shown(client, customers_path(books), aging=asked))
    }
    assert found == {age}


def test_orders(books: Books, client: Client) -> None:
    for name, amount, due_in in (("b", "10.00", 9), ("a", "30.00", 5), ("Ä2", "20.00", 7)):
        books.invoice(books.customer(name), amount, due_in=due_in)
    path = customers_path(books)
    assert names(shown(client, path)) == ["a", "Ä2", "b"]
    assert names(shown(client, path, sort="-name")) == ["b", "Ä2", "a"]
    assert names(shown(client, path, sort="-balance")) == ["a", "Ä2", "b"]
    assert names(shown(client, path, sort="oldest_due")) == ["a", "Ä2", "b"]
    books.invoice(books.customer("late"), "5.00", due_in=-9)
    books.invoice(books.customer("later"), "4.00", due_in=-1)
    assert names(shown(client, path, sort="-overdue"))[:2] == ["late", "later"]
    books.invoice(books.customer("many"), "1.00")
    with tenant(books.id):
        Customer.objects.filter(name="many").update(
            open_invoices=9, unapplied_amount=5, terms_days=90
        )
    for sort in ("-open_invoices", "-unapplied", "-terms"):
        assert names(shown(client, path, sort=sort))[0] == "many"
    with tenant(books.id):
        Customer.objects.filter(name="b").update(last_payment_on=date(2020, 1, 1))
        Customer.objects.filter(name="a").update(last_contacted_at=books.at)
    assert names(shown(client, path, sort="-last_payment"))[0] == "b"
    assert names(shown(client, path, sort="-last_contacted"))[0] == "a"
    assert names(shown(client, path, sort="last_contacted"))[-1] == "a", "never contacted: first"


def test_pages_go_on_where_the_last_one_ended_also_over_ties(books: Books, client: Client) -> None:
    for number in range(120):
        books.customer(f"Same {number % 3}")
    path = customers_path(books, "?category=settled&sort=-name")
    forward = list(_walk(client, path, "next"))
    assert [len(page) for page in forward] == [50, 50, 20]
    assert len({row for page in forward for row in page}) == 120
    backward = list(_walk(client, _last(client, path), "prev"))
    assert [sorted(page) for page in backward[::-1]] == [sorted(page) for page in forward]


@pytest.mark.parametrize("place", ["after=x", "before=.", "after=%00.1", "after=zz.1&before=1"])
def test_a_place_that_is_none_shows_the_first_page(
    books: Books, client: Client, place: str
) -> None:
    books.invoice(books.customer("Globex"))
    assert names(shown(client, customers_path(books, f"?{place}"))) == ["Globex"]


def test_the_number_of_queries_does_not_grow(books: Books, client: Client) -> None:
    for number in range(12):
        books.invoice(books.customer(f"Customer {number}", email=f"a{number}@mail.example"))
    assert queries(client, customers_path(books)) <= 14
    assert queries(client, customers_path(books), q="customer") <= 15


def test_the_quick_panel(books: Books, client: Client) -> None:
    customer = books.customer("Globex", email="ann@globex.example")
    books.invoice(customer, "120.00", due_in=-3)
    page = shown(client, customers_path(books, f"{customer.id}/panel/"))
    for expected in ("Globex", "mailto:ann@globex.example", "$120.00", "issued"):
        assert expected in page


def test_the_export_has_exactly_the_filtered_rows(books: Books, client: Client) -> None:
    for name, due_in in (("=HYPERLINK(evil)", -40), ("Plain", 3)):
        books.invoice(books.customer(name, email="ann@mail.example"), "99.50", due_in=due_in)
    answer = client.get(customers_path(books, "customers.csv"), {"aging": "days_31_60"})
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, *rows = csv.reader(io.StringIO(text))
    [row] = rows
    cells = dict(zip(head, row, strict=True))
    assert cells["Customer"] == "'=HYPERLINK(evil)"
    assert cells["Open Balance"] == cells["Overdue"] == "99.50"
    assert cells["Billing Contact"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("+12125550702", "+12125550702"),
        ("Plain & Simple", "Plain & Simple"),
    ],
)
def test_no_cell_is_a_formula(text: str, written: str) -> None:
    assert harmless(text) == written


def _walk(client: Client, path: str, way: str) -> Iterator[list[str]]:
    while path:
        page = shown(client, path)
        yield re.findall(r'data-peek="([^"]+)"', page)
        path = _link(page, way)


def _last(client: Client, path: str) -> str:
    while following := _link(shown(client, path), "next"):
        path = following
    return path


def _link(page: str, way: str) -> str:
    found = re.search(rf'href="([^"]+)"\s+rel="{way}"', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_only_a_chosen_order_goes_along_with_a_search(books: Books, client: Client) -> None:
    """Else what is typed into the list is ordered by name, and the best match may come last."""
    books.invoice(books.customer("Globex"))
    kept = 'name="sort" value="{}" form="filters"'
    assert kept.format("name") not in shown(client, customers_path(books))
    assert kept.format("-balance") in shown(client, customers_path(books), sort="-balance")
    assert kept.format("name") in shown(client, customers_path(books), q="globex", sort="name")


def test_the_customers_of_somebody_who_left_can_still_be_asked_for(
    books: Books, client: Client
) -> None:
    left = member_with(books, ReadyRole.VIEWER, "Casey Quill")
    customer = books.customer("Globex")
    books.invoice(customer)
    with tenant(books.id):
        customers.change_owner(customer=customer, owner=left, by=books.by, at=books.at)
        deactivate(member=left, by=books.by, at=books.at)
    assert "Casey Quill</option>" not in shown(client, customers_path(books))
    page = shown(client, customers_path(books), owner=left.id)
    assert re.search(r"selected>\s*Casey Quill</option>", page)
    assert names(page) == ["Globex"]

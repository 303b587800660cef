"""Column Settings: each member's own choice and order of the customers list's columns."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books
from tests.support.processes import Site
from tests.web.browsing import sign_in, violations
from tests.web.staff import onlooker, signed_in

from .people import names

USUAL = (
    "Customer",
    "Billing Contact",
    "Billing Owner",
    "Health",
    "Last Contacted",
    "Oldest Due",
    "Overdue",
    "Open Balance",
)


def books_with_a_customer() -> Books:
    books = found_books(at=clock.now())
    customer = books.customer("Globex", email="ann@globex.example")
    books.invoice(customer, "120.00", due_in=-3)
    return books


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/customers/{rest}"


def heads(client: Client, books: Books) -> list[str]:
    """The heads of the columns, as they stand."""
    page = client.get(path(books)).content.decode()
    found = re.findall(r"<th\b[^>]*>(.*?)</th>", page, re.DOTALL)
    words = (re.sub(r"<[^>]+>|\s+", " ", head).strip() for head in found)
    return [word for word in words if word]  # neither the boxes' nor the menus'


def csv_heads(client: Client, books: Books) -> list[str]:
    """Those of the export."""
    answer = client.get(path(books, "customers.csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return text.splitlines()[0].split(",")


@pytest.mark.usefixtures("db")
def test_a_member_chooses_and_the_list_and_the_export_follow() -> None:
    books = books_with_a_customer()
    client, other = signed_in(books), onlooker(books)
    assert heads(client, books) == list(USUAL)
    sent = ["balance", "email", "balance", "password", "open_invoices"]
    client.post(path(books, "columns/"), {"column": sent})
    assert heads(client, books) == ["Customer", "Open Balance", "E-mail", "Open Invoices"]
    assert csv_heads(client, books)[-3:] == ["Open Balance", "E-mail", "Open Invoices"]
    assert "ann@globex.example" in client.get(path(books)).content.decode()
    # Nobody else's list changed; whoever may only look arranges their own too.
    assert heads(other, books) == list(USUAL)
    other.post(path(books, "columns/"), {"column": ["owner"]})
    assert heads(other, books) == ["Customer", "Billing Owner"]
    client.post(path(books, "columns/"), {"usual": "1", "column": ["email"]})
    assert heads(client, books) == list(USUAL)
    with tenant(books.id):
        events = Event.objects.of(books.id).filter(kind="member.columns_arranged")
        assert events.count() == 3


@pytest.mark.usefixtures("db")
def test_the_list_begins_as_each_member_has_it_sorted() -> None:
    books = books_with_a_customer()
    later = books.customer("Aventine")
    books.invoice(later, "500.00", due_in=-1)
    client, other = signed_in(books), onlooker(books)

    def listed(who: Client, rest: str = "") -> list[str]:
        return names(who.get(path(books, rest)).content.decode())

    client.post(path(books, "columns/"), {"column": ["overdue"], "sort": "-overdue"})
    assert listed(client) == ["Aventine", "Globex"]
    client.post(path(books, "columns/"), {"column": ["overdue"], "sort": "overdue"})
    assert listed(client) == ["Globex", "Aventine"]
    assert listed(other) == ["Aventine", "Globex"], "by name, as ever"
    # What the address says wins, and goes into a view of it.
    assert listed(client, "?sort=name") == ["Aventine", "Globex"]
    assert "?sort=name" in client.get(path(books, "?sort=name")).content.decode()
    answer = client.get(path(books, "customers.csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.index("Globex") < text.index("Aventine")
    client.post(path(books, "columns/"), {"column": ["overdue"], "sort": "password"})
    assert listed(client) == ["Aventine", "Globex"]


@pytest.mark.browser
@pytest.mark.usefixtures("committed")
def test_columns_are_moved_by_arrow_and_by_mouse(page: Page, site: Site) -> None:
    books = books_with_a_customer()
    page.goto(f"{sign_in(page, site, books)}customers/")
    page.get_by_role("link", name="Column Settings").click()
    dialog = page.get_by_role("dialog")
    assert violations(page) == []
    up = dialog.get_by_role("button", name="Move up: Billing Owner")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    dialog.get_by_label("Last Contacted", exact=True).uncheck()
    dialog.get_by_label("Terms in Days", exact=True).check()
    rows = dialog.get_by_role("listitem")
    rows.filter(has_text="Open Balance").drag_to(rows.first, target_position={"x": 60, "y": 2})
    dialog.get_by_role("button", name="Save").click()
    shown = page.get_by_role("columnheader")
    expect(shown).to_have_text(
        [
            "",
            "Customer",
            "Open Balance",
            "Billing Owner",
            "Billing Contact",
            "Health",
            "Oldest Due",
            "Overdue",
            "Terms in Days",
            "",
        ]
    )

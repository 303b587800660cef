"""The customers list in a browser: its totals come after its rows, those of other rows never."""

import pytest
from playwright.sync_api import Page, Route, expect

from paidup.lib import clock
from tests.support.books import found_books
from tests.support.processes import Site
from tests.web.browsing import sign_in

pytestmark = pytest.mark.usefixtures("committed")


def test_totals_follow_the_rows_and_late_ones_are_dropped(page: Page, site: Site) -> None:
    books = found_books(at=clock.now())
    for name, amount in (("Globex", "500.00"), ("Glaxo", "80.00"), ("Initech", "9.00")):
        books.invoice(books.customer(name), amount)
    customers = f"{sign_in(page, site, books)}customers/"
    page.goto(customers)
    _expect_totals(page, count="3", owed="$589.00 open")

    late: list[Route] = []
    page.route("**/totals/", lambda route: late.append(route))  # noqa: PLW0108  no builtin is taken
    page.goto(customers)
    expect(page.locator(".row-link")).to_have_text(["Glaxo", "Globex", "Initech"])
    expect(page.locator("#total")).to_be_empty()
    page.locator("#q").fill("initech")
    _expect_totals(page, count="1", owed="$9.00 open")
    with page.expect_event("requestfinished", lambda asked: asked.url.endswith("/totals/")):
        late[0].continue_()
    page.wait_for_function("!document.documentElement.classList.contains('is-busy')")
    _expect_totals(page, count="1", owed="$9.00 open")


def test_what_is_typed_before_htmx_has_begun_is_searched_for(page: Page, site: Site) -> None:
    books = found_books(at=clock.now())
    for name in ("Globex", "Initech"):
        books.invoice(books.customer(name))
    page.add_init_script(
        "document.addEventListener('htmx:before:init', () => {"
        "  document.querySelector('#q').value ||= 'init';"
        "}, { capture: true, once: true });"
    )
    page.goto(f"{sign_in(page, site, books)}customers/")
    expect(page.locator(".row-link")).to_have_text(["Initech"])


def _expect_totals(page: Page, *, count: str, owed: str) -> None:
    expect(page.locator("#total")).to_have_text(count)
    expect(page.locator("#count-active")).to_have_text(count)
    expect(page.locator("#sum")).to_have_text(owed)

"""A real browser in which somebody is signed in."""

from django.conf import settings
from playwright.sync_api import Page

from tests.support.books import Books
from tests.support.processes import Site
from tests.web.staff import signed_in


def sign_in(page: Page, site: Site, books: Books) -> str:
    """Signs the owner in; the address of the organization's home."""
    session = signed_in(books).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.value, "url": site.url}]
    )
    return f"{site.url}/o/{books.organization.slug}/"


def violations(page: Page) -> list[tuple[int, str, list[str]]]:
    """What axe finds on a phone and on a large screen."""
    page.wait_for_load_state("networkidle")
    page.evaluate((settings.NODE / "axe-core" / "axe.min.js").read_text())
    found = []
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        violated = page.evaluate("axe.run().then(result => result.violations)")
        found += [(width, one["id"], [node["html"] for node in one["nodes"]]) for one in violated]
    return found

"""axe finds nothing on any page of the staff app, on a phone or a large screen, light or dark."""

from typing import Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from paidup.web.account.views import TABS
from tests.support.processes import Site
from tests.web.browsing import sign_in
from tests.web.roles.cast import make_cast
from tests.web.roles.test_matrix import ROUTES, address
from tests.web.staff import client_of

pytestmark = pytest.mark.usefixtures("committed")

SHARES = 2  # so that two processes share the work
# What is the same in both looks is looked for in one: only colors and what scrolls differ.
LOOKS: tuple[tuple[int, Literal["dark", "light"], list[str]], ...] = (
    (390, "dark", ["color-contrast", "scrollable-region-focusable"]),
    (1440, "light", []),
)
VIOLATIONS = """
only => axe.run({resultTypes: ["violations"], ...(only.length && {runOnly: only})}).then(
    result => result.violations.map(one => [one.id, one.nodes.map(node => node.html)]))
"""
# Pages that show something else when they are asked for it.
ASKED = {
    "customer": ("?tab=timeline", "?tab=notes", "?tab=communication", "?tab=todo"),
    "customers": ("?q=nobody-at-all", "?category=archived"),
    "invoices": ("?kind=all",),
    "account": tuple(f"?tab={tab.key}" for tab in TABS),
    "todos": ("?queue=done",),
}


@pytest.mark.parametrize("share", range(SHARES))
def test_axe_finds_nothing(page: Page, site: Site, share: int) -> None:
    cast = make_cast()
    sign_in(page, site, cast.books)
    client = client_of(cast.members["owner"].user)
    addresses = [
        address(cast, name, cast.own) + asked
        for name in list(ROUTES)[share::SHARES]
        for asked in ("", *ASKED.get(name, ()))
        if is_page(client, address(cast, name, cast.own))
    ]
    assert len(addresses) > 60 / SHARES
    axe = (settings.NODE / "axe-core" / "axe.min.js").read_text()
    found = {}
    for each in addresses:
        page.goto(site.url + each)
        page.evaluate(axe)
        for width, scheme, only in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wrong = page.evaluate(VIOLATIONS, only)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append("wider than the screen")
            if wrong:
                found[f"{each} {width} {scheme}"] = wrong
    assert found == {}


def is_page(client: Client, path: str) -> bool:
    """Whether it is a whole page: no part of one, nothing to save, and no mail as it was sent."""
    answer = client.get(path)
    if answer.status_code != 200 or answer.streaming or b"<html" not in answer.content:
        return False
    return "sandbox" not in answer["Content-Security-Policy"]

"""axe finds nothing on any page of the gallery, however wide the window and whatever the theme."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = ["color-contrast", "target-size"]
RECORD = "/o/harbour/customers/11/"


def open_menu(page: Page) -> None:
    page.get_by_label("Actions menu").click()


def open_form(page: Page) -> None:
    page.locator(".page-head .btn-primary").click()
    page.wait_for_selector("#dialog[open] form")


def open_refused_form(page: Page) -> None:
    open_form(page)
    page.evaluate("document.querySelector('#dialog form').noValidate = true")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector("#dialog .errorlist")


def open_confirmation(page: Page) -> None:
    open_menu(page)
    page.get_by_text("Delete").click()
    page.wait_for_selector("#dialog[open] form")


def open_panel(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.wait_for_selector("#panel:popover-open h2")


def open_help(page: Page) -> None:
    page.keyboard.press("?")


PAGES: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "home with toasts": ("/o/harbour/?toast=1", None),
    "list": ("/o/harbour/customers/", None),
    "list, nothing found": ("/o/harbour/customers/?q=zzz", None),
    "list, quick panel": ("/o/harbour/customers/", open_panel),
    "list, help": ("/o/harbour/customers/", open_help),
    "record": (RECORD, None),
    "record, timeline": (f"{RECORD}?tab=timeline", None),
    "record, empty tab": (f"{RECORD}?tab=notes", None),
    "record, menu": (RECORD, open_menu),
    "record, dialog": (RECORD, open_form),
    "record, refused form": (RECORD, open_refused_form),
    "record, confirmation": (RECORD, open_confirmation),
    "form": ("/o/harbour/credit/", None),
    "parts": ("/o/harbour/account/", None),
    "sign in": ("/accounts/login/", None),
    "password reset": ("/accounts/password/reset/", None),
    "sign up": ("/accounts/signup/", None),
    "second step": ("/o/account/mfa/index/", None),
    "second step, set-up": ("/o/account/mfa/totp/activate_form/", None),
    "second step, code": ("/o/account/mfa/authenticate/", None),
    "recovery codes": ("/o/account/mfa/recovery_codes/index/", None),
    "e-mail addresses": ("/o/account/account/email/", None),
    "not found": ("/o/refused/404/", None),
    "portal": ("/pay/", None),
}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "theme", "rules"),
    [
        (1440, "light", RULES),
        # What the theme and the width can change.
        (390, "dark", CONTRAST),
    ],
)
def test_axe_finds_nothing(
    browser: Browser, base_url: str, width: int, theme: Literal["light", "dark"], rules: list[str]
) -> None:
    found: dict[str, list[Any]] = {}
    with browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        for name, (address, act) in PAGES.items():
            page.goto(address)
            if act:
                act(page)
            found[name] = violations(page, rules) + too_wide(page)
    assert {name: problems for name, problems in found.items() if problems} == {}


def violations(page: Page, rules: list[str]) -> list[str]:
    page.evaluate(AXE.read_text())
    result = page.evaluate(
        "runOnly => axe.run(document, {runOnly, resultTypes: ['violations']})", rules
    )
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """Pages scroll one way only."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{over} px too wide"] if over > 0 else []

"""The named screenshots, taken of the demo by a browser into docs/screenshots: `make shots`.

Each page at 1440 and 390 pixels, light and dark. The README shows some; whoever changes a page
looks at all of them.
"""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.prerequisites import CHROMIUM_ARGUMENTS, browser
from tests.support.processes import Process, answers, free_port, running, wait_for

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PASSWORD = "shots-of-the-demo"
WIDTHS = {1440: 900, 390: 844}
# The day on which the demo's pictures are taken, so that they change only when a page does.
NOW = "2026-03-12T10:30"

PAGES = {
    "home": "/o/demo/",
    "customers": "/o/demo/customers/",
    "contacts": "/o/demo/contacts/",
    "invoices": "/o/demo/invoices/",
    "payments": "/o/demo/payments/",
    "to-do": "/o/demo/todos/",
    "cadences": "/o/demo/cadences/",
    "account": "/o/demo/account/",
    "security": "/accounts/2fa/",
}


def main() -> int:
    """Starts the demo on a port of its own and takes every picture."""
    only = sys.argv[1:]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, _demo(Path(home)) as url, sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=browser(), args=CHROMIUM_ARGUMENTS)
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                _take(chromium, url, width=width, scheme=scheme, only=only)
        chromium.close()
    return 0


@contextmanager
def _demo(home: Path) -> Iterator[str]:
    port = free_port()
    home.chmod(0o755)
    environment = {
        "PAIDUP_HOME": str(home / "data"),
        "PAIDUP_PORT": str(port),
        "PAIDUP_DEMO_PASSWORD": PASSWORD,
        "PAIDUP_NOW": NOW,
        "PAIDUP_DEMO": "1",
    }
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "PAIDUP_TESTING"):
        os.environ.pop(variable, None)
    with running("run", **environment) as process:
        wait_for(lambda: _ready(port, process), "the demo", seconds=600)
        yield f"http://localhost:{port}"


def _ready(port: int, process: Process) -> bool:
    return answers(port, process) and "sign in" in process.said().lower()


def _take(chromium: Browser, url: str, *, width: int, scheme: str, only: list[str]) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()

    def shoot(name: str) -> None:
        if not only or name in only:
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png")

    page.goto(f"{url}/accounts/login/")
    shoot("sign-in")
    page.locator("[name=login]").fill("owner@demo.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/demo/")
    for name, path in PAGES.items():
        page.goto(url + path)
        shoot(name)
    _one_customer(page, url, shoot)
    _composer(page, url, shoot)
    _portal(page, url, shoot)
    context.close()


def _one_customer(page: Page, url: str, shoot: Callable[[str], None]) -> None:
    """The record of whoever owes most, an invoice of theirs, and the page on which they pay."""
    page.goto(f"{url}/o/demo/customers/?sort=-balance")
    page.locator(".row-link").first.click()
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/"))
    shoot("customer")
    record = page.url
    page.goto(f"{record.split('?')[0]}?tab=timeline")
    shoot("timeline")
    page.goto(f"{record.split('?')[0]}?tab=invoices")
    page.locator(".row-link").first.click()
    page.wait_for_url(re.compile(r"/invoices/[0-9a-f-]{36}/"))
    shoot("invoice")
    page.goto(f"{page.url}pay-link/")
    page.get_by_role("button", name="Show link").click()
    page.goto(page.locator("#pay-link").input_value())
    page.frame_locator("[data-hosted-form]").get_by_label("Visa ending 4242").wait_for()
    shoot("pay")


def _composer(page: Page, url: str, shoot: Callable[[str], None]) -> None:
    """An e-mail as it is written on a record, and the health of whom it goes to."""
    page.goto(f"{url}/o/demo/customers/?sort=-balance")
    page.locator(".row-link").first.click()
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/"))
    page.get_by_role("link", name="Send E-mail").click()
    page.get_by_label("Subject").wait_for()
    shoot("composer")
    page.reload()
    page.get_by_role("button", name="Actions menu").click()
    page.get_by_role("link", name="Change Customer Health").click()
    page.get_by_label("Reason").wait_for()
    shoot("health")


def _portal(page: Page, url: str, shoot: Callable[[str], None]) -> None:
    """What one of the customers' people sees who has come in."""
    page.goto(f"{url}/o/demo/customers/?sort=-balance")
    records = page.locator(".row-link").evaluate_all("links => links.map(link => link.href)")
    for record in records:
        page.goto(record)
        if page.get_by_text("accepted", exact=False).count():
            break
    link = page.locator(".people a[href^='mailto:']").first  # on a phone it isn't shown at once
    reader = str(link.get_attribute("href")).removeprefix("mailto:")
    host = url.replace("localhost", "demo.localhost")
    page.goto(f"{host}/")
    page.get_by_label("E-mail").fill(reader)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Invoices").wait_for()
    shoot("portal")
    for name in ("Statements", "Files"):
        page.get_by_role("link", name=name).click()
        page.get_by_role("heading", name=name).first.wait_for()
        shoot(f"portal-{name.lower()}")


if __name__ == "__main__":
    sys.exit(main())

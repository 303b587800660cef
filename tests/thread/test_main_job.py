"""The main job, end to end, on a real ledger: imported, reminded by e-mail, paid through the link
in the mail, receipted, and seen by staff. Only the app, its command, a mail server, a browser."""

import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.support import processes
from tests.support.mail import MailServer
from tests.support.processes import Site, paidup

pytestmark = pytest.mark.browser

LEDGER = Path(__file__).resolve().parents[3] / "shared" / "data" / "late-payments.csv"
DAY = "2013-06-30"
CLOCK = {"PAIDUP_NOW": f"{DAY}T09:00"}
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def slug() -> str:
    """An organization of its own, with the real ledger as of its day."""
    slug = f"ledger-{uuid4().hex[:8]}"
    founded = paidup(
        "organization", "add", slug, "--name", "Ledger Works", "--owner", f"owner@{slug}.example",
        **CLOCK, PAIDUP_OWNER_PASSWORD=PASSWORD,
    )  # fmt: skip
    assert founded.returncode == 0, founded.stderr
    return slug


@pytest.fixture(scope="module")
def ledger(slug: str) -> dict[str, dict[str, Any]]:
    """What a dry run, the import itself and a second import say."""
    args = ("import", "ledger", str(LEDGER), "--organization", slug, "--as-of", DAY)
    return {"dry": report(*args, "--dry-run"), "real": report(*args), "again": report(*args)}


@pytest.fixture(scope="module")
def site_then(_mail_server: MailServer) -> Iterator[Site]:
    """The app on the ledger's own day."""
    with processes.web(**CLOCK, **_mail_server.environment) as running:
        yield running


def report(*arguments: str) -> dict[str, Any]:
    """What a command answers as JSON."""
    done = paidup(*arguments, "--json", **CLOCK)
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_ledger_comes_in_once(slug: str, ledger: dict[str, dict[str, Any]]) -> None:
    dry, real, again = ledger["dry"], ledger["real"], ledger["again"]
    keys = {"customers", "invoices", "payments", "open_invoices", "open_amount", "aging", "errors"}
    assert {key: dry[key] for key in keys} == {key: real[key] for key in keys}
    assert real["open_invoices"] == 84
    assert float(real["open_amount"]) == 5119.85
    assert [float(amount) for amount in real["aging"].values()] == [4284.29, 835.56, 0, 0, 0]
    assert not any(again["created"].values())
    assert paidup("check", "--organization", slug, **CLOCK).returncode == 0


@pytest.mark.usefixtures("ledger")
def test_the_preview_tells_who_gets_what_and_why_not(slug: str) -> None:
    preview = report("cadences", "preview", "--organization", slug, "--on", DAY)
    told = sum(len(message["invoices"]) for message in preview["will_send"])
    assert told + sum(preview["not_sent"].values()) == 84


@pytest.mark.usefixtures("ledger")
def test_reminder_payment_receipt_and_end_of_chasing(
    slug: str, site_then: Site, mail: MailServer, page: Page
) -> None:
    sent = _send_reminders(slug, mail)
    reminder = sent[0]
    assert any(part.get_content_type() == "application/pdf" for part in reminder.walk())
    # One message per person and day.
    addresses = [str(message["To"]) for message in sent]
    assert len(addresses) == len(set(addresses))
    link = _pay_link(reminder, site_then)

    page.goto(link)
    number = page.get_by_role("heading", level=1).inner_text().split()[-1]
    page.frame_locator("[data-hosted-form]").get_by_label("Visa ending 4242").check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("received|Thank"))
    with processes.worker(**CLOCK, **mail.environment):
        address = re.sub(r".*<|>.*", "", str(reminder["To"]))
        receipts = [m for m in mail.wait(address, 2) if "Receipt" in str(m["Subject"])]
        assert len(receipts) == 1

    _sign_in(page, site_then, slug)
    page.goto(f"{site_then.url}/o/{slug}/invoices/?kind=paid&q={number}")
    expect(page.get_by_role("link", name=number)).to_be_visible()
    page.goto(f"{site_then.url}/o/{slug}/payments/")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Card")
    assert paidup("check", "--organization", slug, **CLOCK).returncode == 0
    preview = report("cadences", "preview", "--organization", slug, "--on", DAY)
    chased = {i["number"] for message in preview["will_send"] for i in message["invoices"]}
    assert number not in chased


def _send_reminders(slug: str, mail: MailServer) -> list[EmailMessage]:
    assert paidup("cadences", "automatic", "--organization", slug, **CLOCK).returncode == 0
    expected = len(report("cadences", "preview", "--organization", slug, "--on", DAY)["will_send"])
    assert expected
    with processes.worker(**CLOCK, **mail.environment):
        return mail.wait("@ledger.example", expected, seconds=60)


def _pay_link(message: EmailMessage, site: Site) -> str:
    body = message.get_body(("plain",))
    assert body
    found = re.search(r"http://[^\s]+/pay/[^\s]+", body.get_content())
    assert found
    # The worker that wrote the mail runs by itself and names the default port.
    return re.sub(r"(localhost)(:\d+)?/", rf"\1:{site.port}/", found[0], count=1)


def _sign_in(page: Page, site: Site, slug: str) -> None:
    page.goto(f"{site.url}/accounts/login/")
    page.locator("[name=login]").fill(f"owner@{slug}.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/o/{slug}/")

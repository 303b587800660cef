"""The cadence, the preview of a day, and the switches."""

from datetime import timedelta

import pytest
from django.test import Client

from paidup.cadences.operations import establish_default, run_day
from paidup.communications.models import Message
from paidup.history.models import Event
from paidup.invoicing import operations as invoicing
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization
from paidup.organizations.states import SendingMode
from tests.support.books import AT, Books, found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _on_the_day_of_the_books(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAIDUP_NOW", AT.isoformat())


@pytest.fixture
def books() -> Books:
    """Books with the standard cadence."""
    made = found_books(name="Acme")
    with tenant(made.id):
        establish_default(organization=made.organization, by=made.by, at=made.at)
    return made


def path(books: Books, rest: str = "") -> str:
    """An address below the cadences."""
    return f"/o/{books.organization.slug}/cadences/{rest}"


def page(client: Client, address: str) -> str:
    """The text of a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def again(books: Books) -> Organization:
    """The organization as it stands now."""
    with tenant(books.id):
        return Organization.objects.get()


def test_the_steps_are_shown_with_what_came_of_them(books: Books) -> None:
    books.invoice(books.customer(email="ann@globex.example"), due_in=-8)
    with tenant(books.id):
        run_day(organization=books.organization, on=books.on, by=books.by, at=books.at)
    shown = page(signed_in(books), path(books))
    for words in ("3 days before due", "On the due date", "7 days late", "30 days late"):
        assert words in shown
    assert "Payment reminder: INV-00042, $1,234.50" in shown
    assert "1 message waits for approval" in shown
    assert "1 invoice under way" in shown


def test_the_preview_says_what_would_be_sent_to_whom(books: Books) -> None:
    customer = books.customer("Globex", email="ann@globex.example")
    books.invoice(customer, "1234.50", due_in=-8)
    shown = page(signed_in(books), path(books, "preview/"))
    for words in ("ann@globex.example", "Globex", "7 days late", "$1,234.50"):
        assert words in shown
    with tenant(books.id):
        assert not Message.objects.exists()


def test_the_preview_says_why_not_for_the_rest(books: Books) -> None:
    reached = books.customer("Globex", email="ann@globex.example")
    promised, disputed = books.invoice(reached, due_in=-8), books.invoice(reached, due_in=-9)
    alone = books.invoice(books.customer("Initech"), due_in=-8)
    with tenant(books.id):
        invoicing.record_promise(
            invoice=promised,
            promised_for=books.on + timedelta(days=3),
            on=books.on,
            by=books.by,
            at=books.at,
        )
        invoicing.open_dispute(
            invoice=disputed, reason="Short", on=books.on, by=books.by, at=books.at
        )
    client = signed_in(books)
    shown = page(client, path(books, "preview/"))
    for words in ("Promised to be paid", "Disputed", "No contact gets reminders"):
        assert words in shown
    assert "Nothing would be sent on this day." in shown
    only = page(client, path(books, "preview/?reason=no_contact"))
    assert alone.number in only
    assert promised.number not in only


def test_another_day_has_another_preview(books: Books) -> None:
    books.invoice(books.customer(email="ann@globex.example"), due_in=10)
    client = signed_in(books)
    assert "Nothing would be sent" in page(client, path(books, "preview/"))
    due = (books.on + timedelta(days=10)).isoformat()
    shown = page(client, path(books, f"preview/?on={due}"))
    assert "On the due date" in shown
    assert "ann@globex.example" in shown


@pytest.mark.parametrize(
    "query", ["on=x", "on=9999-99-99", "reason=x", "start=-1", "start=x", "after=x", "after=x.%00"]
)
def test_an_address_that_makes_no_sense_shows_today(books: Books, query: str) -> None:
    assert "Mar 2, 2026" in page(signed_in(books), path(books, f"preview/?{query}"))


def test_a_long_preview_has_pages(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paidup.web.cadences.views.SHOWN", 1)
    for name in ("Anna", "Berta"):
        books.invoice(books.customer(name, email=f"{name.lower()}@example.test"), due_in=-8)
        books.invoice(books.customer(f"{name} alone"), due_in=-8)
    client = signed_in(books)
    first = page(client, path(books, "preview/"))
    assert "anna@example.test" in first
    assert "berta@example.test" not in first
    assert "berta@example.test" in page(client, path(books, "preview/?start=1"))
    assert "Berta alone" not in first
    after = first.partition("after=")[2].partition("#")[0]
    assert "Berta alone" in page(client, path(books, f"preview/?after={after}"))


def test_a_mail_of_the_preview_is_shown_inert(books: Books) -> None:
    customer = books.customer("Globex", email="ann@globex.example")
    books.invoice(customer, "1234.50", due_in=-8)
    client = signed_in(books)
    shown = page(client, path(books, "preview/"))
    message = shown.partition('data-peek="')[2].partition('"')[0]
    beside = page(client, message)
    assert "ann@globex.example" in beside
    assert "1 invoice PDF" in beside
    mail = client.get(beside.partition('mail-frame" src="')[2].partition('"')[0])
    assert "$1,234.50" in mail.content.decode()
    assert "sandbox" in mail["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in mail["Content-Security-Policy"]
    assert mail["X-Frame-Options"] == "SAMEORIGIN"


def test_to_whom_nothing_would_be_sent_has_no_mail(books: Books) -> None:
    customer = books.customer()
    contact = books.contact(customer, "ann@globex.example")
    assert signed_in(books).get(path(books, f"preview/{contact.id}/")).status_code == 404


def test_going_automatic_is_asked_first(books: Books) -> None:
    books.invoice(books.customer(email="ann@globex.example"), due_in=-8)
    with tenant(books.id):
        run_day(organization=books.organization, on=books.on, by=books.by, at=books.at)
    client = signed_in(books)
    asked = page(client, path(books, "sending-mode/"))
    assert "1 reminder of today that waits for approval leaves at once." in asked
    assert again(books).sending_mode == SendingMode.APPROVE_FIRST
    answer = client.post(path(books, "sending-mode/"), {"mode": "automatic"})
    assert answer["Location"] == path(books)
    assert again(books).sending_mode == SendingMode.AUTOMATIC
    assert "Approve each reminder first?" in page(client, path(books, "sending-mode/"))
    with tenant(books.id):
        event = Event.objects.get(kind="organization.sending_mode_set")
        assert event.actor_id == books.owner.id


def test_a_mode_that_is_none_is_refused(books: Books) -> None:
    assert signed_in(books).post(path(books, "sending-mode/"), {"mode": "x"}).status_code == 422
    assert again(books).sending_mode == SendingMode.APPROVE_FIRST


def test_one_switch_stops_everything_and_lets_it_go_on(books: Books) -> None:
    client = signed_in(books)
    assert "Stop everything automatic?" in page(client, path(books, "automation/"))
    client.post(path(books, "automation/"), {"stopped": "yes"})
    assert again(books).automation_stopped
    assert "Everything automatic is stopped." in page(client, path(books))
    assert "Let everything go on?" in page(client, path(books, "automation/"))
    client.post(path(books, "automation/"), {"stopped": "no"})
    assert not again(books).automation_stopped


def test_who_may_only_look_is_offered_no_switch(books: Books) -> None:
    client = onlooker(books)
    shown = page(client, path(books))
    assert "sending-mode" not in shown
    assert "automation/" not in shown
    assert client.post(path(books, "automation/"), {"stopped": "yes"}).status_code == 403
    assert client.post(path(books, "sending-mode/"), {"mode": "automatic"}).status_code == 403

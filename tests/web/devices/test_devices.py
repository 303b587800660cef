"""The devices where a person is signed in: seeing them, and signing out there."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from paidup.history.models import Event
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Member, Session
from paidup.organizations.operations import add_member
from paidup.organizations.queries import ready_role
from paidup.organizations.sessions import SEEN_EVERY
from paidup.organizations.states import ReadyRole
from paidup.web.devices.names import in_words
from tests.support.books import AT, Books, found_books
from tests.web.staff import client_of, member_with, onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")

PASSWORD = "correct horse"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0"
)
HANDLE = re.compile(r'name="device" value="(\w+)"')


@pytest.fixture
def books() -> Books:
    """An organization of the test's own."""
    return found_books()


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/devices/{rest}"


def enter(books: Books, agent: str) -> Client:
    """The owner signs in by hand with such a browser."""
    client = Client(SERVER_NAME="localhost", headers={"user-agent": agent})
    answer = client.post(
        "/accounts/login/", {"login": books.owner.user.email, "password": PASSWORD}
    )
    assert answer.status_code == 302
    return client


def is_in(client: Client, books: Books) -> bool:
    answer = client.get(f"/o/{books.organization.slug}/")
    return answer.status_code == 200


def test_one_sees_one_s_devices_and_signs_one_of_them_out(books: Books) -> None:
    here, phone, third = enter(books, FIREFOX), enter(books, IPHONE), enter(books, EDGE)
    page = here.get(path(books)).content.decode()
    assert page.index("Firefox on Windows") < page.index("This device")
    assert page.index("This device") < page.index("Edge on macOS") < page.index("Safari on iPhone")
    assert here.cookies[settings.SESSION_COOKIE_NAME].value not in page
    _edge, safari = HANDLE.findall(page)
    done = here.post(path(books, "signing-out/"), {"device": safari}, follow=True)
    assert "You are signed out there." in done.content.decode()
    assert "Safari on iPhone" not in done.content.decode()
    assert [is_in(one, books) for one in (here, phone, third)] == [True, False, True]


def test_all_others_are_signed_out_at_once_and_nobody_else(books: Books) -> None:
    here, phone, colleague = enter(books, FIREFOX), enter(books, IPHONE), onlooker(books)
    assert "Sign out all others" in here.get(path(books)).content.decode()
    here.post(path(books, "signing-out-others/"))
    assert [is_in(one, books) for one in (here, phone, colleague)] == [True, False, True]
    assert "Sign out all others" not in here.get(path(books)).content.decode()


def test_nobody_ends_another_person_s_session(books: Books) -> None:
    here, _phone, colleague = enter(books, FIREFOX), enter(books, IPHONE), onlooker(books)
    [handle] = HANDLE.findall(here.get(path(books)).content.decode())
    colleague.post(path(books, "signing-out/"), {"device": handle})
    key = here.cookies[settings.SESSION_COOKIE_NAME].value
    colleague.post(path(books, "signing-out/"), {"device": key})
    colleague.post(path(books, "signing-out-others/"))
    assert Session.objects.filter(user=books.owner.user).count() == 2


def test_a_changed_password_signs_the_others_out(books: Books) -> None:
    here, phone = enter(books, FIREFOX), enter(books, IPHONE)
    changed = here.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "a whole new battery",
            "password2": "a whole new battery",
        },
    )
    assert changed.status_code == 302
    # Not even listed, though the phone hasn't come back to learn of it.
    assert "Safari on iPhone" not in here.get(path(books)).content.decode()
    assert [is_in(one, books) for one in (here, phone)] == [True, False]


def test_whoever_is_deactivated_loses_access_at_once(books: Books) -> None:
    vic, uma = member_with(books, ReadyRole.VIEWER), member_with(books, ReadyRole.VIEWER)
    clients = [client_of(vic.user), client_of(uma.user)]
    assert all(is_in(one, books) for one in clients)
    with tenant(books.id):
        Member.objects.filter(id=vic.id).update(active=False)
    uma.user.is_active = False
    uma.user.save(update_fields=["is_active"])
    assert not any(is_in(one, books) for one in clients)


def test_a_colleague_is_signed_out_in_all_organizations(books: Books) -> None:
    admin, viewer = signed_in(books), onlooker(books)
    sam = member_with(books, ReadyRole.AR_SPECIALIST, "Sam")
    other = found_books()
    with tenant(other.id):
        add_member(
            organization=other.organization,
            user=sam.user,
            role=ready_role(other.id, ReadyRole.VIEWER),
        )
    client = client_of(sam.user)
    assert is_in(client, other)
    address = f"/o/{books.organization.slug}/account/members/{sam.id}/signing-out/"
    assert "every organization" in admin.get(address).content.decode()
    assert viewer.post(address).status_code == 403
    # The other organization's owner doesn't know this membership.
    elsewhere = address.replace(books.organization.slug, other.organization.slug)
    assert signed_in(other).post(elsewhere).status_code == 404
    assert is_in(client, other)
    assert admin.post(address).status_code == 302
    assert not is_in(client, books)
    assert not is_in(client, other)
    assert is_in(admin, books)
    with tenant(books.id):
        event = Event.objects.get(kind="member.signed_out")
    assert (event.subject_id, event.actor_id) == (sam.id, books.owner.id)


def test_being_seen_costs_a_write_only_now_and_then(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAIDUP_NOW", AT.isoformat())
    client = signed_in(books)
    with CaptureQueriesContext(connection) as asked:
        is_in(client, books)
    assert not [one for one in asked if one["sql"].startswith("UPDATE")]
    monkeypatch.setenv("PAIDUP_NOW", (AT + SEEN_EVERY).isoformat())
    with CaptureQueriesContext(connection) as asked:
        is_in(client, books)
    assert len([one for one in asked if one["sql"].startswith("UPDATE")]) == 1
    monkeypatch.setenv("PAIDUP_NOW", (AT + SEEN_EVERY + timedelta(minutes=5)).isoformat())
    assert "5 minutes ago" in client.get(path(books)).content.decode()


def test_a_sign_in_clears_away_what_is_over(books: Books) -> None:
    enter(books, IPHONE)
    Session.objects.update(expire_date=AT - timedelta(days=4000))
    here = enter(books, FIREFOX)
    assert Session.objects.filter(user=books.owner.user).count() == 1
    assert "Safari on iPhone" not in here.get(path(books)).content.decode()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        (EDGE, "Edge on macOS"),
        ("curl/8.14.1", "Unknown browser"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Linux"),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert in_words(agent) == words

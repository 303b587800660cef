"""Every role against every address of the staff app. What is expected follows from the levels."""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLPattern, resolve, reverse
from pytest_django import DjangoDbBlocker

from paidup.organizations.states import Level
from paidup.web import urls as staff
from tests.web.roles.cast import HIDDEN, Cast, make_cast
from tests.web.staff import client_of
from tests.web.test_strangers import patterns

ROLES = ("owner", "admin", "ar_manager", "ar_specialist", "viewer", "limited", "nothing")
ROUTES: dict[str, URLPattern] = {
    str(route.name): route
    for route in patterns(staff.urlpatterns)
    if getattr(route.callback, "access", None) not in {"everyone", "link"}
}
# What doesn't belong to customers.
SHARED = {
    "role_id",
    "member_id",
    "invitation_id",
    "field_id",
    "template_id",
    "cadence_id",
    "step_id",
    "of",
    "action",
    "name",
}
_LINK = re.compile(r"""(?:href|action|hx-get|hx-post|src|data-peek)="(/o/[^"?#]*)""")
_ONCE = re.compile(r"""csrfmiddlewaretoken" value="[^"]*|hx-headers[^>]*""")
# By what the pages are searched or narrowed that could tell of hidden customers.
_SEARCHES = ("?q=hiddenco", "?q=Secret", "?q=west")
_ASKED: dict[str, tuple[str, ...]] = {
    "customers": (
        *_SEARCHES,
        "?category=settled",
        "?category=inactive",
        "?sort=-balance",
        "?cadence=none",
    ),
    "customers_csv": (*_SEARCHES, "?category=settled"),
    "customer": (
        "?tab=timeline",
        "?tab=notes",
        "?tab=communication",
        "?tab=todo",
        "?show=payments",
    ),
    "customer_merger": _SEARCHES,
    "contacts": _SEARCHES,
    "contact": ("?show=changes", "?show=emails"),
    "contact_merging": _SEARCHES,
    "invoices": (*_SEARCHES, "?kind=all", "?kind=overdue"),
    "invoices_csv": (*_SEARCHES, "?kind=all"),
    "payments": (*_SEARCHES, "?kind=unapplied"),
    "todos": (*_SEARCHES, "?queue=everyone", "?queue=done"),
}


@pytest.fixture(scope="module")
def cast(django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """One for all tests here; real commits, so each test only looks, or is refused."""
    with django_db_blocker.unblock():
        yield make_cast()
        connection.close()


@pytest.fixture(autouse=True)
def _with_the_database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def browser(cast: Cast, role: str) -> Client:
    client = client_of(cast.members[role].user)
    client.raise_request_exception = True
    return client


def address(cast: Cast, name: str, ids: dict[str, UUID | str]) -> str:
    """KeyError: say in `cast` which object of that kind is one's own and which is hidden."""
    keys = set(ROUTES[name].pattern.converters) - {"slug"}
    return reverse(
        name,
        args=[],
        kwargs={"slug": cast.books.organization.slug} | {key: ids[key] for key in keys},
    )


def allowed(cast: Cast, role: str, name: str) -> bool:
    needs = ROUTES[name].callback.needs  # type: ignore[attr-defined]  # set by the decorator
    return needs is None or needs.are_met(cast.members[role])


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_opens_follows_from_its_levels(cast: Cast, role: str) -> None:
    """Every address by GET; and no page offers what the role doesn't allow."""
    client = browser(cast, role)
    opened = 0
    for name in ROUTES:
        answer = client.get(address(cast, name, cast.own))
        if not allowed(cast, role, name):
            assert answer.status_code == 403, name
            continue
        assert answer.status_code in {200, 302, 404, 405}, (name, answer.status_code)
        opened += answer.status_code == 200
        if answer.status_code == 200 and not answer.streaming and "html" in answer["Content-Type"]:
            body = answer.content.decode()
            offered = {_name_of(url) for url in _LINK.findall(body)} & set(ROUTES)
            assert not [one for one in offered if not allowed(cast, role, one)], name
    everything = role in {"owner", "admin"}
    assert opened > len(ROUTES) // 2 if everything else opened or role == "nothing"


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_changes_follows_from_its_levels(cast: Cast, role: str) -> None:
    """Every address by POST: refused with the real object, or asked about one that isn't there."""
    client = browser(cast, role)
    for name, route in ROUTES.items():
        if not allowed(cast, role, name):
            assert client.post(address(cast, name, cast.own)).status_code == 403, name
        elif set(route.pattern.converters) - {"slug", "action", "name"}:
            missing = {key: uuid4() for key in cast.own} | {"action": "archive", "name": "phone"}
            assert client.post(address(cast, name, missing)).status_code in {404, 405}, name


def test_no_role_below_edit_posts_anywhere(cast: Cast) -> None:
    """The levels themselves: a look never needs more than View, a change never less than Edit."""
    client = browser(cast, "owner")
    for name, route in ROUTES.items():
        needs = route.callback.needs  # type: ignore[attr-defined]  # set by the decorator
        if needs and needs.level == Level.VIEW:
            assert client.post(address(cast, name, cast.own)).status_code == 405, name


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_hidden_answers_as_what_does_not_exist(cast: Cast, method: str) -> None:
    """The same status, the same page, and as many queries."""
    client = browser(cast, "limited")
    compared = 0
    for name, route in ROUTES.items():
        keys = set(route.pattern.converters) & (set(cast.own) - SHARED)
        for key in keys if allowed(cast, "limited", name) else ():
            # The other ids of the address are those of the limited member's own.
            hidden = _asked(client, method, cast, name, cast.own | {key: cast.hidden[key]})
            missing = _asked(client, method, cast, name, cast.own | {key: uuid4()})
            assert hidden == missing, (name, key)
            assert hidden[0] in {404, 405}, (name, key)
            compared += 1
    assert compared > 40


def test_a_limited_member_reads_nothing_of_hidden_customers(cast: Cast) -> None:
    """Every page, with every tab, filter and search that could tell of them."""
    client = browser(cast, "limited")
    for name in ROUTES:
        if not allowed(cast, "limited", name):
            continue
        url = address(cast, name, cast.own)
        for query in ("", *_ASKED.get(name, ())):
            answer = client.get(url + query)
            if answer.status_code != 200 or answer["Content-Type"] == "application/pdf":
                break
            body = b"".join(answer) if answer.streaming else answer.content
            told = _without(body.decode(), query)
            assert [word for word in HIDDEN if word in told] == [], (name, query)


def test_a_full_member_does_read_of_them(cast: Cast) -> None:
    """So that the test above could fail."""
    client = browser(cast, "viewer")
    slug = cast.books.organization.slug
    record = client.get(f"/o/{slug}/customers/{cast.own['customer_id']}/").content.decode()
    assert "Hiddenco Ltd" in record
    assert "7,777.77" in client.get(f"/o/{slug}/invoices/").content.decode()
    settled = client.get(f"/o/{slug}/customers/", {"category": "settled"}).content.decode()
    assert "Inc West" in settled
    assert "Secret" in client.get(f"/o/{slug}/contacts/").content.decode()


def _asked(
    client: Client, method: str, cast: Cast, name: str, ids: dict[str, UUID | str]
) -> tuple[int, str, int]:
    url = address(cast, name, ids)
    with CaptureQueriesContext(connection) as captured:
        answer = getattr(client, method)(url)
    body = answer.content.decode()
    for one in ids.values():
        body = body.replace(str(one), "ID")
    return answer.status_code, _ONCE.sub("", body), len(captured)


def _name_of(url: str) -> str:
    try:
        return str(resolve(url).url_name)
    except Resolver404:
        return ""


def _without(body: str, query: str) -> str:
    """The page without what was asked for, which it repeats."""
    asked = query.partition("q=")[2]
    return re.sub(re.escape(asked), "", body) if asked else body

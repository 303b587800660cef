"""No staff page opens to who is signed out, to a stranger, or for changes to an onlooker."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from paidup.organizations.states import Level
from paidup.web import urls as staff
from paidup.web.access import Needs
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in


def patterns(routes: Sequence[Any]) -> Iterator[URLPattern]:
    """Every address, also of the parts that are included."""
    for route in routes:
        if isinstance(route, URLResolver):
            yield from patterns(route.url_patterns)
        else:
            yield route


def guarded() -> dict[str, Needs | None]:
    """By its name, what every staff page of an organization needs of a role; None for nothing."""
    return {
        str(route.name): getattr(route.callback, "needs", None)
        for route in patterns(staff.urlpatterns)
        if getattr(route.callback, "access", None) not in {"everyone", "link"}
    }


@pytest.fixture
def books() -> Books:
    """An organization of the test's own."""
    return found_books()


def address(name: str, books: Books) -> str:
    """A page's address, with ids of nothing where it takes some."""
    route = next(one for one in patterns(staff.urlpatterns) if one.name == name)
    given = {
        key: books.organization.slug if key == "slug" else uuid4()
        for key in (*route.pattern.converters, "slug")
    }
    return reverse(name, kwargs=given)


@pytest.mark.django_db
def test_who_is_signed_out_is_asked_to_sign_in(books: Books) -> None:
    client = Client(SERVER_NAME="localhost")
    for name in guarded():
        for answer in (client.get(address(name, books)), client.post(address(name, books))):
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/accounts/login/"), name


@pytest.mark.django_db
def test_a_member_of_another_organization_finds_nothing(books: Books) -> None:
    stranger = signed_in(found_books())
    for name in guarded():
        assert stranger.get(address(name, books)).status_code == 404, name
        assert stranger.post(address(name, books)).status_code == 404, name


@pytest.mark.django_db
def test_who_may_only_look_changes_nothing(books: Books) -> None:
    viewer = onlooker(books)
    for name, needs in guarded().items():
        answer = viewer.post(address(name, books))
        # What is each member's own to change is theirs too.
        if needs is None:
            assert answer.status_code != 403, name
            continue
        expected = {403} if needs.level == Level.EDIT else {404, 405}
        assert answer.status_code in expected, (name, needs, answer.status_code)

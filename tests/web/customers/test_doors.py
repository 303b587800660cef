"""Who may come in: members look, editors change, strangers find nothing."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern

from paidup.lib import clock
from paidup.lib.ids import new_id
from paidup.web.customers.contact_urls import urlpatterns as contact_urls
from paidup.web.customers.urls import urlpatterns as customer_urls
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")

ROUTES = [
    *((f"customers/{route.pattern}", route) for route in customer_urls),
    *((f"contacts/{route.pattern}", route) for route in contact_urls),
]


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


def address(books: Books, route: str, **ids: UUID) -> str:
    path = re.sub(r"<uuid:(\w+)>", lambda found: str(ids.get(found[1], new_id())), route)
    path = re.sub(r"<slug:\w+>", "nothing", path)
    return f"/o/{books.organization.slug}/{path}"


@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=[route for route, _ in ROUTES])
def test_who_may_open_it(books: Books, route: str, pattern: URLPattern) -> None:
    customer = books.customer(email="ann@globex.example")
    path = address(books, route, customer_id=customer.id)
    assert Client(SERVER_NAME="localhost").get(path).status_code == 302, "to the sign-in"
    stranger = signed_in(found_books(at=books.at))
    assert stranger.get(path).status_code == 404
    assert stranger.post(path).status_code == 404
    seen = onlooker(books).get(path).status_code
    access = pattern.callback.access  # type: ignore[attr-defined]  # the access mark
    assert (seen == 403) == (access in {"editor", "owner"})
    missing = address(books, route)
    if missing != path or "<" in route:
        assert signed_in(books).get(missing).status_code in {404, 405}

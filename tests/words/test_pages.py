"""Every page in a language that isn't there: what still reads as English goes past gettext, what
still reads as American goes past the locale."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from paidup.communications.models import Message
from paidup.communications.rendering import render
from paidup.customers.models import Contact
from paidup.invoicing.models import Invoice
from paidup.invoicing.pdf import invoice_pdf
from paidup.lib.tenancy import tenant
from tests.documents.cast import words
from tests.portal.guest import Guest, accepted
from tests.portal.payer import Payer
from tests.support.books import AT, Books, found_books
from tests.web.staff import signed_in
from tests.words.cast import DATA, Cast, make_cast, speaking
from tests.words.pseudo import CODE, pseudo_language, said, untranslated

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
IN_THE_LANGUAGE = {"accept-language": CODE}
TAB = re.compile(r'href="(\?tab=\w+)"')
NO_PAGE = {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_FOUND, HTTPStatus.FOUND}


@pytest.fixture(autouse=True)
def _spoken(committed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PAIDUP_NOW", AT.isoformat())
    cache.clear()
    with pseudo_language(), override(CODE):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def routes(door: str) -> Iterator[str]:
    """Every address of a door, with its parameters in angle brackets."""

    def below(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            address = f"{prefix}{pattern.pattern}"
            if isinstance(pattern, URLResolver):
                yield from below(pattern, address)
            elif isinstance(pattern, URLPattern):
                yield address

    return below(get_resolver(door), "/")


def addresses(route: str, ids: dict[str, list[Any]]) -> Iterator[str]:
    """The pages at a route: of every record, but of the first alone what lies below it."""
    names = PARAMETER.findall(route)
    several = len(names) == 1 and route.endswith(">/")
    for number in range(len(ids[names[0]]) if several else 1):
        yield PARAMETER.sub(lambda name, at=number: str(ids[name[1]][at]), route)  # type: ignore[misc]


def read(client: Client, asked: Iterable[str]) -> dict[str, str]:
    """What pages and their tabs say in English: each text with the first address that says it."""
    found: dict[str, str] = {}
    waiting, known = deque(asked), set(asked)
    while waiting:
        address = waiting.popleft()
        answer = client.get(address, headers=IN_THE_LANGUAGE)
        if answer.status_code in NO_PAGE or "pdf" in answer["content-type"]:
            continue
        assert answer.status_code == HTTPStatus.OK, address
        body = b"".join(answer).decode()
        for text in untranslated(_texts(answer["content-type"], body), data=DATA):
            found.setdefault(text, address)
        tabs = {urljoin(address, tab) for tab in TAB.findall(body)} - known
        waiting += sorted(tabs)
        known |= tabs
    return found


def _texts(kind: str, body: str) -> list[str]:
    """What is for a reader: of a file for spreadsheets, the head alone."""
    return body.splitlines()[:1] if kind.startswith("text/csv") else said(body)


def staff_routes(books: Books) -> list[str]:
    return [
        route.replace("<slug:slug>", books.organization.slug) for route in routes("paidup.web.urls")
    ]


def test_staff_pages(cast: Cast) -> None:
    client = signed_in(cast.books)
    asked = [one for route in staff_routes(cast.books) for one in addresses(route, cast.ids)]
    assert len(asked) > 80
    [transfer] = [one for one in asked if one.endswith(f"/{cast.globex.id}/method/transfer/")]
    asked.append(f"{transfer}?to={cast.initech.id}")
    assert read(client, asked) == {}


def test_staff_pages_of_an_organization_without_anything() -> None:
    books = speaking(found_books(name="Acme"))
    lists = [route for route in staff_routes(books) if not PARAMETER.search(route)]
    assert read(signed_in(books), [*lists, *(f"{one}?q=Globex" for one in lists)]) == {}


def test_signing_in() -> None:
    books = speaking(found_books(name="Acme"))
    own = [route for route in routes("allauth.account.urls") if not PARAMETER.search(route)]
    own = [f"/accounts{route}" for route in own if "^" not in route]
    found = read(Client(SERVER_NAME="localhost"), own) | read(signed_in(books), own)
    assert found == {}


def test_pay_pages(cast: Cast) -> None:
    payer = Payer(cast.books)
    links = [
        payer.invoice_link(cast.open_invoice),
        payer.balance_link(cast.globex),
        payer.balance_link(cast.initech),
        payer.method_link(cast.initech),
    ]
    outcomes = [f"{links[2]}payments/{intent.id}/" for intent in cast.intents]
    assert read(payer.client, [*links, f"{links[1]}?currency=EUR", *outcomes]) == {}
    nothing = payer.client.get(f"{links[0]}nothing/", headers=IN_THE_LANGUAGE)
    assert untranslated(said(nothing.content.decode()), data=DATA) == []


def test_portal_pages(cast: Cast) -> None:
    with tenant(cast.books.id):
        ann = Contact.objects.get(email="ann@globex.example")
    guest = accepted(cast.books, ann)
    inside = [route for route in routes("paidup.portal.urls") if route.startswith("/accounts/")]
    ids = cast.ids | {"currency": ["USD"]}
    asked = [one for route in inside for one in addresses(route, ids)]
    asked += [f"/accounts/{cast.globex.id}/invoices/?show=paid"]
    assert len(asked) > 10
    assert read(guest.client, asked) == {}
    entrance = Guest(cast.books).client
    assert read(entrance, ["/sign-in/", "/access-request/", "/password-request/"]) == {}


def test_messages_and_the_files_they_bring(cast: Cast) -> None:
    with tenant(cast.books.id):
        messages = list(Message.objects.select_related("contact"))
        assert {"reminder", "receipt", "charge_failed"} <= {one.purpose for one in messages}
        for message in messages:
            mail = render(message, organization=cast.books.organization)
            texts = [message.subject, *said(mail.html), *mail.text.splitlines()]
            assert untranslated(texts, data=DATA) == []
        invoice = Invoice.objects.select_related("customer", "entity").get(id=cast.open_invoice.id)
        assert untranslated([words(invoice_pdf(invoice))], data=DATA) == []

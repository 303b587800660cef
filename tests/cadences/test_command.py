"""`paidup cadences`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest
from click.testing import CliRunner

from paidup.config.cli.cadences import cadences
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Organization
from tests.support.books import Books, found_books

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_this_database(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def started() -> Iterator[None]:
        yield

    module = import_module("paidup.config.cli.cadences")  # the group bears the same name
    monkeypatch.setattr(module, "started", started)


@pytest.fixture
def books() -> Books:
    books = found_books()
    books.invoice(books.customer(email="ann@payer.example"), "55.94", due_in=-7)
    books.invoice(books.customer("Initech"), "10.00", due_in=90)
    return books


def call(books: Books, *arguments: str) -> str:
    slug = books.organization.slug
    result = CliRunner().invoke(
        cadences, [*arguments, "--organization", slug], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_the_preview_says_who_is_reminded_and_why_not_the_others(books: Books) -> None:
    facts = json.loads(call(books, "preview", "--on", books.on.isoformat(), "--json"))
    assert (facts["on"], facts["sending_mode"]) == (books.on.isoformat(), "approve_first")
    assert (facts["messages"], facts["invoices_in_messages"]) == (1, 1)
    [message] = facts["will_send"]
    assert message["address"] == "ann@payer.example"
    assert message["template"] == "7 days late"
    assert message["totals"] == {"USD": "55.94"}
    assert facts["not_sent"] == {"not_due": 1}
    assert [one["reason"] for one in facts["why_not"]] == ["not_due"]


def test_the_preview_is_read_by_people_too(books: Books) -> None:
    text = call(books, "preview", "--on", books.on.isoformat())
    assert "1 message" in text
    assert "ann@payer.example  7 days late  1 invoice  55.94 USD" in text
    assert "1  Too early for the first step" in text


def test_the_mode_is_switched_to_and_fro(books: Books) -> None:
    for word, mode in (("automatic", "automatic"), ("approve-first", "approve_first")):
        call(books, word)
        with tenant(books.id):
            assert Organization.objects.get().sending_mode == mode


def test_an_unknown_organization_is_named() -> None:
    result = CliRunner().invoke(cadences, ["automatic", "--organization", "nobody"])
    assert result.exit_code == 1
    assert "There is no organization 'nobody'" in result.output

"""The sandbox's form and tokens, by HTTP without a browser."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from paidup.sandbox.access import TOKENS_A_MINUTE
from tests.gateways.vendor import SANDBOX

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_pages", "_no_attempts_yet")]

FORM = {"amount": "120.00", "currency": "USD"}


@pytest.fixture
def _no_attempts_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def visitor() -> Client:
    """A client that is checked for CSRF like any browser."""
    return Client(enforce_csrf_checks=True, headers={"host": "localhost:8000"})


def test_the_form_shows_amount_and_methods_and_asks_for_no_number(visitor: Client) -> None:
    page = visitor.get("/sandbox/form/", FORM)
    text = page.content.decode()
    assert page.status_code == 200
    for shown in ("$120.00", "Sandbox. No real money moves.", "Visa ending 4242", "R01"):
        assert shown in text
    assert text.count('type="radio"') == 8
    assert text.count("<input") == 8
    assert not page.cookies


def test_only_our_own_hosts_may_frame_the_form(visitor: Client) -> None:
    page = visitor.get("/sandbox/form/", FORM)
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'self' ")
    assert "X-Frame-Options" not in page.headers


@pytest.mark.parametrize("origin", ["http://acme.localhost:8000", "http://localhost:8000"])
def test_a_page_of_another_of_our_hosts_may_frame_it(visitor: Client, origin: str) -> None:
    page = visitor.get("/sandbox/form/", {**FORM, "parent_origin": origin})
    assert page.headers["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {origin}")
    assert f'data-parent="{origin}"' in page.content.decode()


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost.evil.example:8000",
        "http://evillocalhost:8000",
        "https://acme.localhost:8000",
        "http://acme.localhost:8001",
        "http://acme.localhost",
        "http://acme.localhost:8000/",
        "http://me@acme.localhost:8000",
        "http://x;script-src *.localhost:8000",
        "http://acme.localhost:8000\n",
        "*",
        "null",
    ],
)
def test_no_other_page_may(visitor: Client, origin: str) -> None:
    page = visitor.get("/sandbox/form/", {**FORM, "parent_origin": origin})
    assert page.status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": ""},
        {"amount": "abc"},
        {"amount": "0"},
        {"amount": "1.005"},
        {"currency": ""},
        {"currency": "<b>"},
    ],
)
def test_a_form_for_no_amount_says_so(visitor: Client, wrong: dict[str, str]) -> None:
    page = visitor.get("/sandbox/form/", {**FORM, **wrong})
    assert page.status_code == 400
    assert page.headers["Content-Type"] == "text/plain"
    assert len(page.content) > 20


def test_a_token_is_made_for_the_method_chosen(visitor: Client) -> None:
    answer = visitor.post("/sandbox/tokens/", {"method": "4444"})
    assert answer.status_code == 201
    assert "no-store" in answer.headers["Cache-Control"]
    made = answer.json()
    assert made["method"] | {"expires_on": ""} == {
        "kind": "card",
        "brand": "Mastercard",
        "last4": "4444",
        "expires_on": "",
    }
    assert SANDBOX.describe(made["token"]).last4 == "4444"


def test_no_token_is_made_for_a_method_that_is_none(visitor: Client) -> None:
    answer = visitor.post("/sandbox/tokens/", {"method": "4111111111111111"})
    assert answer.status_code == 422
    assert answer.json() == {"problem": "Choose one of the test methods in the list."}


def test_tokens_are_not_made_without_end(visitor: Client) -> None:
    for _attempt in range(TOKENS_A_MINUTE):
        assert visitor.post("/sandbox/tokens/", {"method": "4242"}).status_code == 201
    answer = visitor.post("/sandbox/tokens/", {"method": "4242"})
    assert answer.status_code == 429
    assert answer.json()["problem"].startswith("Too many attempts")
    other = visitor.post("/sandbox/tokens/", {"method": "4242"}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 201


def test_looking_makes_nothing(visitor: Client) -> None:
    assert visitor.get("/sandbox/tokens/").status_code == 405
    assert visitor.post("/sandbox/form/", FORM).status_code in {403, 405}


def test_production_has_no_such_pages(visitor: Client, settings: Settings) -> None:
    settings.DEMO = settings.TESTING = False
    assert visitor.get("/sandbox/form/", FORM).status_code == 404
    assert visitor.post("/sandbox/tokens/", {"method": "4242"}).status_code == 404

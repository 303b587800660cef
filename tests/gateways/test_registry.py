"""Where the sandbox is offered."""

from decimal import Decimal

import pytest
from pytest_django import Settings

from paidup.payments.gateways.registry import NotOffered, gateway, sandbox_is_offered


@pytest.fixture
def _production(settings: Settings) -> None:
    settings.DEMO = settings.TESTING = False


def test_the_sandbox_is_found_by_its_name() -> None:
    assert gateway("sandbox").name == "sandbox"


def test_an_unknown_gateway_is_not_offered() -> None:
    with pytest.raises(NotOffered, match="“paypal” is not offered"):
        gateway("paypal")


@pytest.mark.usefixtures("_production")
def test_real_money_never_comes_upon_the_sandbox() -> None:
    with pytest.raises(NotOffered):
        gateway("sandbox")


@pytest.mark.usefixtures("_production")
def test_the_sandbox_is_offered_where_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAIDUP_SANDBOX", "1")
    assert gateway("sandbox").name == "sandbox"
    monkeypatch.setenv("PAIDUP_SANDBOX", "0")
    assert not sandbox_is_offered()


def test_the_form_is_at_a_path_of_every_host() -> None:
    url = gateway("sandbox").hosted_form_url(amount=Decimal("120.00"), currency="USD")
    assert url == "/sandbox/form/?amount=120.00&currency=USD"

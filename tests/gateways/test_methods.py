"""Tokens of the sandbox: saved, charged again, expired, forgotten."""

import pytest
from django.db import transaction

from paidup.payments.gateways.interface import FactKind, Rejected
from paidup.payments.gateways.sandbox.models import StoredMethod
from tests.gateways.vendor import AT, SANDBOX, kinds, request, token

pytestmark = pytest.mark.django_db


def test_a_token_shows_brand_digits_and_expiry() -> None:
    card, bank = SANDBOX.describe(token("4444")), SANDBOX.describe(token("6789"))
    assert (card.kind, card.brand, card.last4, card.expires_on) == (
        "card",
        "Mastercard",
        "4444",
        "2028-12",
    )
    assert (bank.kind, bank.brand, bank.last4, bank.expires_on) == (
        "bank_debit",
        "Bank debit",
        "6789",
        "",
    )


def test_tokens_cannot_be_guessed_from_another() -> None:
    first, second = token(), token()
    assert first != second
    assert len(first) > 30


def test_an_unknown_test_method_makes_no_token() -> None:
    with pytest.raises(Rejected, match="Choose one of the test methods"):
        token("4111")


def test_a_saved_method_is_charged_again_and_again() -> None:
    saved = SANDBOX.save(token())
    for _month in range(3):
        assert kinds(SANDBOX.charge(request(saved.token))) == [FactKind.SETTLED]


def test_saving_again_gives_the_same_method() -> None:
    once = token()
    saved = SANDBOX.save(once)
    assert SANDBOX.save(once) == saved == SANDBOX.save(saved.token) == SANDBOX.describe(saved.token)


def test_a_token_that_was_saved_is_used_up() -> None:
    once = token()
    SANDBOX.save(once)
    with pytest.raises(Rejected, match="used already"):
        SANDBOX.charge(request(once))


def test_a_token_that_was_charged_cannot_be_saved() -> None:
    once = token()
    SANDBOX.charge(request(once))
    with pytest.raises(Rejected, match="used already"):
        SANDBOX.save(once)


def test_a_card_is_charged_until_its_month_is_over() -> None:
    saved = SANDBOX.save(token())
    last_moment = AT.replace(year=2028, month=12, day=31, hour=23)
    assert kinds(SANDBOX.charge(request(saved.token, at=last_moment))) == [FactKind.SETTLED]
    with pytest.raises(Rejected, match="expired"):
        SANDBOX.charge(request(saved.token, at=last_moment.replace(year=2029, month=1)))


def test_a_bank_account_does_not_expire() -> None:
    saved = SANDBOX.save(token("6789"))
    later = AT.replace(year=2036)
    assert kinds(SANDBOX.charge(request(saved.token, at=later))) == [FactKind.AUTHORIZED]


def test_a_forgotten_method_is_gone_with_all_that_showed_it() -> None:
    once = token()
    saved = SANDBOX.save(once)
    SANDBOX.charge(request(saved.token))
    SANDBOX.forget(saved.token)
    SANDBOX.forget(saved.token)
    with pytest.raises(Rejected, match="no longer on file"):
        SANDBOX.charge(request(saved.token))
    with pytest.raises(Rejected, match="no longer on file"):
        SANDBOX.describe(saved.token)
    assert not StoredMethod.objects.filter(token__in=[once, saved.token]).exists()


def test_a_forgotten_method_s_charges_stay_known() -> None:
    saved = SANDBOX.save(token())
    asked = request(saved.token)
    SANDBOX.charge(asked)
    SANDBOX.forget(saved.token)
    assert SANDBOX.charge(asked) == SANDBOX.look_up(asked.idempotency_key) != []


def test_saving_and_forgetting_within_a_transaction_of_ours_is_refused() -> None:
    once = token()
    for change in (SANDBOX.save, SANDBOX.forget):
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            change(once)

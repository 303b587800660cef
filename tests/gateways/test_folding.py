"""The fold of a charge's facts: pure, and blind to order and repetition."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paidup.payments.gateways.folding import ChargeState, Standing, fold
from paidup.payments.gateways.interface import Fact, FactKind

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def fact(
    number: int,
    kind: FactKind,
    amount: str = "100.00",
    *,
    reason: str = "",
    retryable: bool = False,
) -> Fact:
    return Fact(
        id=f"evt_{number}",
        kind=kind,
        idempotency_key="key",
        reference="ch_1",
        amount=Decimal(amount),
        currency="USD",
        at=AT + timedelta(minutes=number),
        reason=reason,
        retryable=retryable,
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Any facts of one charge, also such as no sane gateway would tell together."""
    told = draw(st.lists(st.sampled_from(FactKind), max_size=6))
    return [
        fact(
            number,
            kind,
            str(draw(st.decimals(min_value="0.01", max_value="9999.99", places=2))),
            reason=draw(st.sampled_from(["", "R01", "stolen_card"])),
            retryable=draw(st.booleans()),
        )
        for number, kind in enumerate(told)
    ]


@given(data=st.data(), told=histories())
def test_order_and_repetition_change_nothing(data: st.DataObject, told: list[Fact]) -> None:
    again = data.draw(st.lists(st.sampled_from(told))) if told else []
    shuffled = data.draw(st.permutations(told + again))
    assert fold(shuffled) == fold(told)


@given(told=histories())
def test_amounts_are_the_sums_of_what_was_told(told: list[Fact]) -> None:
    def total(*kinds: FactKind) -> Decimal:
        return sum((one.amount for one in told if one.kind in kinds), Decimal(0))

    standing = fold(told)
    assert standing.authorized == total(FactKind.AUTHORIZED)
    assert standing.captured == total(FactKind.SETTLED)
    assert standing.refunded == total(FactKind.REFUNDED)
    assert standing.returned == total(FactKind.RETURNED, FactKind.CHARGED_BACK)
    assert 0 <= standing.kept <= standing.captured


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([], ChargeState.PENDING),
        ([FactKind.AUTHORIZED], ChargeState.AUTHORIZED),
        ([FactKind.AUTHORIZED, FactKind.SETTLED], ChargeState.SETTLED),
        ([FactKind.SETTLED], ChargeState.SETTLED),
        ([FactKind.SETTLED, FactKind.REFUNDED], ChargeState.SETTLED),
        ([FactKind.FAILED], ChargeState.FAILED),
        ([FactKind.AUTHORIZED, FactKind.FAILED], ChargeState.FAILED),
        ([FactKind.AUTHORIZED, FactKind.CANCELLED], ChargeState.CANCELLED),
        ([FactKind.AUTHORIZED, FactKind.RETURNED], ChargeState.RETURNED),
        ([FactKind.AUTHORIZED, FactKind.SETTLED, FactKind.RETURNED], ChargeState.RETURNED),
        ([FactKind.SETTLED, FactKind.CHARGED_BACK], ChargeState.CHARGED_BACK),
    ],
)
def test_the_life_of_a_charge(told: list[FactKind], state: ChargeState) -> None:
    facts = [fact(number, kind) for number, kind in enumerate(told)]
    assert {fold(order).state for order in permutations(facts)} == {state}


def test_the_deciding_fact_gives_the_reason() -> None:
    standing = fold(
        [
            fact(1, FactKind.AUTHORIZED),
            fact(2, FactKind.RETURNED, reason="R01", retryable=True),
        ]
    )
    assert standing == Standing(
        state=ChargeState.RETURNED,
        authorized=Decimal("100.00"),
        returned=Decimal("100.00"),
        reason="R01",
        retryable=True,
        reference="ch_1",
    )


def test_money_that_went_back_is_not_kept() -> None:
    settled, refunded = fact(1, FactKind.SETTLED), fact(2, FactKind.REFUNDED, "30.00")
    assert fold([settled, refunded]).kept == Decimal("70.00")
    assert fold([settled, refunded, fact(3, FactKind.RETURNED)]).kept == 0


def test_one_id_with_two_contents_is_refused() -> None:
    with pytest.raises(ValueError, match="two contents"):
        fold([fact(1, FactKind.SETTLED), fact(1, FactKind.SETTLED, "99.00")])


def test_facts_of_two_charges_are_refused() -> None:
    other = Fact(**{**vars(fact(2, FactKind.SETTLED)), "idempotency_key": "other"})
    with pytest.raises(ValueError, match="several charges"):
        fold([fact(1, FactKind.SETTLED), other])

"""Webhook signatures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paidup.payments.gateways.interface import BadSignature
from paidup.payments.gateways.sandbox.signatures import TOLERANCE, sign, verify

NOW = 1_790_000_000.5
BODY = b'{"id": "evt_1"}'


@pytest.mark.parametrize("passed", [0, TOLERANCE, -TOLERANCE])
def test_what_was_signed_is_believed_for_five_minutes(passed: int) -> None:
    verify(BODY, sign(BODY, now=NOW), now=int(NOW) + passed)


@pytest.mark.parametrize("passed", [TOLERANCE + 1, -TOLERANCE - 1])
def test_a_signature_of_another_time_is_refused(passed: int) -> None:
    with pytest.raises(BadSignature, match="too old"):
        verify(BODY, sign(BODY, now=NOW), now=int(NOW) + passed)


def test_another_body_is_refused() -> None:
    with pytest.raises(BadSignature, match="not the sandbox's"):
        verify(BODY + b" ", sign(BODY, now=NOW), now=NOW)


def test_a_moved_time_is_refused() -> None:
    moved = sign(BODY, now=NOW).replace(f"t={int(NOW)}", f"t={int(NOW) + 60}")
    with pytest.raises(BadSignature, match="not the sandbox's"):
        verify(BODY, moved, now=NOW + 60)


@given(header=st.text(max_size=80))
def test_any_other_header_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, header, now=NOW)


@given(stamp=st.text(max_size=20), mac=st.text(max_size=70))
def test_any_other_parts_are_refused(stamp: str, mac: str) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, f"t={stamp},v1={mac}", now=NOW)

"""A slice of the money machine, the same at every run."""

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

pytestmark = pytest.mark.usefixtures("committed")


def test_money_adds_up_whatever_is_done() -> None:
    from tests.payments.machine import Money  # noqa: PLC0415  once the database stands

    run_state_machine_as_test(
        seed(20260302)(Money),
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

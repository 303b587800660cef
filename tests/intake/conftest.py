"""Webhooks are answered with commits of their own."""

import pytest


@pytest.fixture(autouse=True)
def _commits(committed: None) -> None:
    """Every test here commits."""

"""A payer: somebody with a link and no account.

The rooms are imported in the fixtures: this file is read before Django is set up.
"""

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

if TYPE_CHECKING:
    from tests.portal.payer import Payer
    from tests.support.books import Books


@pytest.fixture(autouse=True)
def _no_limits_used_up(committed: None) -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _on_the_day_of_the_books(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAIDUP_NOW", "2026-03-02T09:30")


@pytest.fixture
def books() -> "Books":
    """An organization of the test's own."""
    from tests.support.books import found_books  # noqa: PLC0415  see above

    return found_books(name="Acme")


@pytest.fixture
def payer(books: "Books") -> "Payer":
    """Opens the pay pages of these books."""
    from tests.portal.payer import Payer  # noqa: PLC0415  see above

    return Payer(books)

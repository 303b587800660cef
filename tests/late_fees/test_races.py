"""Two runs at once on real PostgreSQL, first with their locks off; and one that is cut off."""

from typing import Any

import pytest
from django.db import IntegrityError

from paidup.invoicing.models import Invoice
from paidup.late_fees.models import Fee
from paidup.late_fees.operations import run as running
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books
from tests.support.races import both, index_off, meeting

from .fining import assess, rule

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]

ONE_FEE = (
    "one_fee_per_period",
    "late_fees_fee",
    "(organization_id, invoice_id, rule_id, period_on)",
)


def test_two_runs_of_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    def race() -> tuple[int, list[Any]]:
        books = _late()
        with meeting(monkeypatch, running, "due"):
            outcomes = both(lambda: assess(books))
        with tenant(books.id):
            documents = Invoice.objects.filter(fee_for__isnull=False).count()
            assert documents == Fee.objects.count()
            return documents, outcomes

    with monkeypatch.context() as unlocked:
        unlocked.setattr(running, "lock", lambda _ids: None)
        with index_off(*ONE_FEE) as remove_twins:
            assert race()[0] == 2
            remove_twins()
        documents, outcomes = race()
        assert documents == 1
        assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    documents, outcomes = race()
    assert documents == 1
    assert sorted(outcomes) == [0, 1]


def test_a_run_cut_off_leaves_no_half_fee(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the document and what remembers it; the next run charges it once."""
    books = _late()
    with monkeypatch.context() as doomed:
        doomed.setattr(Fee.objects, "create", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            assess(books)
    with tenant(books.id):
        assert not Invoice.objects.filter(fee_for__isnull=False).exists()
    assert [assess(books), assess(books)] == [1, 0]
    with tenant(books.id):
        assert Invoice.objects.order_by("number").last() == Fee.objects.get().document


def _late() -> Books:
    books = found_books()
    rule(books)
    books.invoice(books.customer(), due_in=-10)
    return books

"""Two runs at once, and a run against a payment, on real PostgreSQL: first with the locks off."""

import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from paidup.invoicing.models import Invoice
from paidup.late_fees.models import Fee
from paidup.late_fees.operations import assess as assessing
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
        with meeting(monkeypatch, assessing, "due"):
            outcomes = both(lambda: assess(books))
        with tenant(books.id):
            documents = Invoice.objects.filter(fee_for__isnull=False).count()
            assert documents == Fee.objects.count()
            return documents, outcomes

    with monkeypatch.context() as unlocked:
        unlocked.setattr(assessing, "lock", lambda _ids: None)
        unlocked.setattr(assessing.invoicing, "issue_invoice", _issue_unlocked)
        with index_off(*ONE_FEE) as remove_twins:
            assert race()[0] == 2
            remove_twins()
        documents, outcomes = race()
        assert documents == 1
        assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    documents, outcomes = race()
    assert documents == 1
    assert sorted(outcomes) == [0, 1]

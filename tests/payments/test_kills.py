"""A worker killed at any line of a charge: after a restart there is one charge and one receipt."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from paidup.autopay import operations as autopay
from paidup.autopay.models import Interval
from paidup.communications.models import Message
from paidup.communications.states import MessageState
from paidup.lib.tenancy import tenant
from paidup.payments.gateways.interface import FactKind
from paidup.payments.models import Intent, Payment
from paidup.payments.states import IntentState
from tests.support.books import AT, Books, found_books
from tests.support.mail import MailServer
from tests.support.processes import wait_for, worker

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]

CHECKOUT = Path(__file__).resolve().parents[2]
CLOCK = {"PAIDUP_NOW": AT.isoformat(), "PAIDUP_HEARTBEAT": "0.5"}


@pytest.mark.parametrize(
    "line",
    [
        "between claim and charge",
        "between charge and record",
        "in the middle of the record",
        "between record and mail",
        "between mail and its record",
    ],
)
def test_one_charge_and_one_receipt(line: str, mail: MailServer) -> None:
    books, address = _due_by_autopay()
    autopay.tick(organization_id=books.id, at=books.at)
    environment = {**os.environ, **CLOCK, **mail.environment}
    killed = subprocess.run(
        [sys.executable, "-m", "tests.support.doomed", line],
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    with worker(**CLOCK, **mail.environment):
        wait_for(lambda: _is_paid(books), "the charge to be recorded")
        mail.wait(address)
        wait_for(lambda: not _has_jobs(books), "the queue to be worked off")
    with tenant(books.id):
        intent = Intent.objects.get()
        assert Payment.objects.count() == 1
        assert Message.objects.get().state in (MessageState.SENT, MessageState.SENDING)
    assert [fact.kind for fact in books.facts(intent)].count(FactKind.SETTLED) == 1
    assert len(mail.to(address)) == 1


def _due_by_autopay() -> tuple[Books, str]:
    books = found_books()
    address = f"ann@{books.organization.slug}.example"
    customer = books.customer(email=address)
    books.invoice(customer, due_in=-1)
    books.method(customer)
    with tenant(books.id):
        autopay.set_schedule(
            customer=customer,
            interval=Interval.DAILY,
            starts_on=books.on,
            by=books.by,
            at=books.at,
        )
    return books, address


def _is_paid(books: Books) -> bool:
    with tenant(books.id):
        return Intent.objects.get().state == IntentState.SETTLED


def _has_jobs(books: Books) -> bool:
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415  after set-up

    return ProcrastinateJob.objects.filter(
        args__organization_id=str(books.id), status__in=["todo", "doing"], scheduled_at=None
    ).exists()

"""Many customers due by autopay, each in an organization of its own, charged amid kills."""

import time
from datetime import timedelta
from typing import ClassVar

from procrastinate.contrib.django.models import ProcrastinateJob

from paidup.autopay import operations as autopay
from paidup.autopay.models import Interval
from paidup.communications.delivery import settle_interrupted
from paidup.communications.delivery.record import UNKNOWN
from paidup.communications.jobs import deliver_due
from paidup.lib import jobs
from paidup.lib.tenancy import tenant
from paidup.payments.gateways.interface import FactKind
from paidup.payments.jobs import make_charge
from paidup.payments.models import Intent, Payment
from paidup.payments.states import IntentState
from paidup.todos.models import Todo
from tests.support.books import AT, Books, found_books
from tests.support.mail import MailServer


class Crowd:
    """Customers of whom each must be charged once and told once."""

    clock: ClassVar[dict[str, str]] = {"PAIDUP_NOW": AT.isoformat(), "PAIDUP_HEARTBEAT": "0.3"}

    def __init__(self) -> None:
        """Nobody yet."""
        self.books: list[Books] = []

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.books)

    def grow(self, number: int) -> None:
        """More customers, whose charges are claimed and wait for a worker."""
        for _ in range(number):
            books = found_books()
            customer = books.customer(email=f"ann@{books.organization.slug}.example")
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
            autopay.tick(organization_id=books.id, at=books.at)
            self.books.append(books)

    def waiting(self) -> int:
        """Charges that no worker has begun."""
        return ProcrastinateJob.objects.filter(
            status="todo", task_name=jobs.name_of(make_charge)
        ).count()

    def sweep(self) -> None:
        """What the schedule does every five minutes: a message whose job was given up, as too many
        workers died of it, is sent all the same."""
        for books in self.books:
            jobs.enqueue(deliver_due, organization_id=books.id)

    def wait_until_done(self, seconds: float = 600) -> None:
        """Waits until nothing that concerns anyone is left to do, or until time is up."""
        deadline = time.monotonic() + seconds
        left = ProcrastinateJob.objects.filter(status__in=["todo", "doing"], queueing_lock=None)
        while time.monotonic() < deadline and left.exists():
            time.sleep(0.5)

    def problems(self, mail: MailServer) -> list[str]:
        """Whoever was not charged once, or not told once."""
        told: dict[str, int] = {}
        for message in mail.messages:
            told[str(message["To"])] = told.get(str(message["To"]), 0) + 1
        return [problem for books in self.books for problem in self._problems_of(books, told)]

    def _problems_of(self, books: Books, told: dict[str, int]) -> list[str]:
        slug = books.organization.slug
        # A message cut off on its way to the mail server is not sent again: a person is asked.
        settle_interrupted(books.id, at=books.at + timedelta(hours=1))
        with tenant(books.id):
            intent = Intent.objects.get()
            payments = Payment.objects.count()
            asked = Todo.objects.filter(kind=UNKNOWN).count()
        charges = [fact.kind for fact in books.facts(intent)].count(FactKind.SETTLED)
        mails = sum(count for address, count in told.items() if slug in address)
        counts = {"payments": payments, "charges": charges, "receipts": mails or asked}
        problems = [f"{slug}: {count} {what}" for what, count in counts.items() if count != 1]
        if intent.state != IntentState.SETTLED:
            problems.append(f"{slug}: charge is {intent.state}")
        return problems

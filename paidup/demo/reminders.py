"""Reminders: who is chased how; those of the last days, approved and sent, and today's, which
await approval."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Count

from paidup.cadences.models import Cadence, Step
from paidup.cadences.operations import (
    add_cadence,
    change_cadences,
    change_contact_cadence,
    change_invoice_cadence,
    establish_default,
    remove_cadences,
    remove_invoice_cadence,
    remove_step,
    run_day,
)
from paidup.communications.models import Message
from paidup.communications.operations import approve_messages
from paidup.customers.models import ContactLink, Customer
from paidup.history.actors import staff, system
from paidup.invoicing.models import Invoice

from .books import Books
from .diary import Diary
from .mail import deliver_queued
from .people import MANAGER

CADENCES = system("cadences")
RUNS = (3, 2, 1)  # days ago; the first finds the most
GENTLE = {0, 14, 30}  # days of the steps that key accounts get


def remind(diary: Diary) -> None:
    """Notes the runs of the last days and the approvals after each."""
    books = diary.books
    diary.note(books.day(12), 9.5, partial(_assign, books))
    diary.note(books.day(2), 11, partial(_assign_own, books))
    for day in sorted({books.day(days_ago) for days_ago in RUNS} - {books.today}):
        diary.note(day, 8.1, partial(_run, books))
        diary.note(day, 9.4, partial(_approve, books))


def remind_today(books: Books) -> None:
    """What is due today waits for a person."""
    _run(books, books.today, books.at)


def _assign(books: Books, on: date, at: datetime) -> None:
    """Some are chased more gently than the others, and two not at all."""
    del on
    acts: dict[str, Any] = {"by": staff(books.members[MANAGER].id), "at": at}
    standard = establish_default(organization=books.organization, **acts)
    gentle = add_cadence(name="Key accounts", copy_of=standard, **acts)
    for step in Step.objects.of(books.organization).filter(cadence=gentle):
        if step.days not in GENTLE:
            remove_step(step=step, **acts)
    some = sorted(books.customers)[3 :: max(len(books.customers) // 9, 1)]
    change_cadences(customer_ids=some[2:], cadence=gentle, **acts)
    remove_cadences(customer_ids=some[:2], **acts)


def _assign_own(books: Books, on: date, at: datetime) -> None:
    """At one customer somebody is chased more gently than the others; of its invoices one is too,
    and another not at all."""
    del on
    acts: dict[str, Any] = {"by": staff(books.members[MANAGER].id), "at": at}
    gentle = Cadence.objects.of(books.organization).get(default=False)
    places = ContactLink.objects.of(books.organization).filter(gets_reminders=True)
    busy = Customer.objects.of(books.organization).filter(
        id__in=places.values("customer")
        .annotate(people=Count("id"))
        .filter(people__gt=1)
        .values("customer")
    )
    customer = busy.order_by("-open_invoices", "id").first()
    if customer is None:
        return
    person = places.filter(customer=customer).latest("id")
    change_contact_cadence(link=person, cadence=gentle, **acts)
    invoices = Invoice.objects.of(books.organization).open().of_customer(customer.id)
    for count, invoice in enumerate(invoices.order_by("-due_on", "id")[:2]):
        if count:
            remove_invoice_cadence(invoice=invoice, **acts)
        else:
            change_invoice_cadence(invoice=invoice, cadence=gentle, **acts)


def _run(books: Books, on: date, at: datetime) -> None:
    run_day(organization=books.organization, on=on, by=CADENCES, at=at)


def _approve(books: Books, on: date, at: datetime) -> None:
    """The manager lets most of them go; the others wait for somebody who knows the customer."""
    del on
    waiting = Message.objects.of(books.organization).awaiting_approval().order_by("id")
    ids = list(waiting.values_list("id", flat=True))
    approved = [message_id for count, message_id in enumerate(ids) if count % 3]
    approve_messages(message_ids=approved, by=staff(books.members[MANAGER].id), at=at)
    deliver_queued(books, at=at)

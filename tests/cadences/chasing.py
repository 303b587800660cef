"""The verbs of a test about cadences, over its books."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from paidup.cadences.operations import Run, establish_default, run_day
from paidup.cadences.planning import Group, Plan, plan
from paidup.cadences.states import Reason
from paidup.communications.models import Message
from paidup.communications.operations import approve_messages, set_delivery_window
from paidup.communications.states import Purpose
from paidup.history.actors import system
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.organizations.operations import set_sending_mode
from paidup.organizations.states import SendingMode
from tests.support.books import Books, found_books

BY = system("cadences")
EVERY_DAY = range(7)


def chasing_books(*, automatic: bool = True, days: range = EVERY_DAY) -> Books:
    """Books with the default cadence, that send at any hour of these days."""
    books = found_books()
    with tenant(books.id):
        establish_default(organization=books.organization, by=books.by, at=books.at)
        set_delivery_window(days=days, from_hour=0, to_hour=23, by=books.by, at=books.at)
        if automatic:
            set_sending_mode(
                organization=books.organization,
                mode=SendingMode.AUTOMATIC,
                by=books.by,
                at=books.at,
            )
    return books


def later(books: Books, days: int) -> Books:
    """The same books so many days later."""
    return replace(books, at=books.at + timedelta(days=days))


def planned(books: Books) -> Plan:
    """The plan of the books' day."""
    with tenant(books.id):
        return plan(books.organization, books.on)


def why_not(books: Books) -> dict[Reason, int]:
    """Invoices that nobody would be reminded of, by reason."""
    return {
        reason: sum(count.invoices for count in counts.values())
        for reason, counts in planned(books).not_sent.items()
    }


def only_group(books: Books) -> Group:
    [group] = planned(books).will_send
    return group


def run(books: Books) -> Run:
    """The run of the books' day."""
    with tenant(books.id):
        return run_day(organization=books.organization, on=books.on, by=BY, at=books.at)


def messages(books: Books) -> list[Message]:
    """All reminders, oldest first."""
    with tenant(books.id):
        reminders = Message.objects.filter(purpose=Purpose.REMINDER)
        return list(reminders.select_related("contact").order_by("queued_at", "id"))


def sent(books: Books) -> int:
    """Has every reminder that may leave be sent, without a mail server; how many there were."""
    with tenant(books.id):
        waiting = Message.objects.awaiting_approval().values_list("id", flat=True)
        approve_messages(message_ids=waiting, by=books.by, at=books.at)
        return Message.objects.due(books.at).update(
            state="sent", sent_at=books.at, reminder_on=books.on
        )


def change(books: Books, invoice: Invoice, **values: date | datetime | str) -> None:
    with tenant(books.id):
        Invoice.objects.filter(id=invoice.id).update(**values)

"""What happens to some of the open invoices: disputes, promises, parts paid, tasks."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from paidup.customers import operations as customers
from paidup.history.actors import staff
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Dispute, Promise
from paidup.lib import money
from paidup.todos import operations as todos

from .books import Books
from .diary import Diary
from .money_in import pay
from .open_items import Pool, invoice_of
from .people import MANAGER, OWNER
from .trade import Sale, workday

REASONS = (
    "Two cases of filter cartridges were missing from the delivery.",
    "The price does not match our quote of last spring.",
    "The service visit was cancelled and should not be billed.",
    "Salt tablets were billed twice, see our delivery note.",
    "We returned the dosing pump before the rental began.",
    "The technician's hours differ from the signed work sheet.",
)
NOTES = (
    "{person} prefers a call over e-mail, best before ten.",
    "They pay on the second and last Friday of the month. {person} confirmed it again.",
    "Invoices need the purchase order number, or their system turns them back.",
    "{person} is on leave until the end of the month; her deputy approves payments.",
    "New procurement portal from next quarter. {person} sends us the access.",
    "Asked for sixty days. Offered forty-five for the yearly contract, they will think about it.",
    "{person} says the last check crossed with our reminder. Apologized.",
    "Very happy with the last service visit; ask for a reference in spring.",
    "Statement goes to {person} on the first of each month.",
)
TASKS = (
    ("Call about the overdue account", 0),
    ("Ask for the new remittance address", 0),
    ("Send the signed delivery notes", 1),
    ("Agree on an installment plan", 2),
    ("Check the credit limit with sales", 3),
    ("Confirm the purchase order number", -1),
    ("Update the billing contact", 4),
    ("Find out who approves invoices now", -2),
)


def tell(diary: Diary, pool: Pool) -> None:
    """Notes every story. Those of which one tells less often are told last."""
    _promises(diary, pool)
    _disputes(diary, pool)
    _tasks(diary, pool)
    _notes(diary)


def overdue(books: Books, days: int) -> Callable[[Sale], bool]:
    """Fits sales that were due so many days ago or longer."""
    return lambda sale: sale.due_on <= books.today - timedelta(days=days)


def _promises(diary: Diary, pool: Pool) -> None:
    books = diary.books
    for ahead, sale in zip((0, 2, 4, 8, 11), pool.take(5, overdue(books, 6)), strict=False):
        promised_for = workday(books.today + timedelta(days=ahead))
        made = partial(_promise, books, sale, promised_for)
        diary.note(books.day(3), 10.5 + ahead / 4, made)
    for share, sale in zip(
        ("1", "1", "0.4", "0", "0"), pool.take(5, overdue(books, 18)), strict=False
    ):
        promised_for = books.day(7)
        diary.note(books.day(15), 11, partial(_promise, books, sale, promised_for))
        if share != "0":
            diary.note(books.day(8), 13, partial(pay, books, sale, share=share))
        diary.note(books.day(3), 8.25, partial(_judge, books, sale))


def _promise(books: Books, sale: Sale, promised_for: date, on: date, at: datetime) -> None:
    invoice = invoice_of(books, sale)
    invoicing.record_promise(
        invoice=invoice,
        promised_for=promised_for,
        contact=books.person(invoice.customer.id),
        on=on,
        by=books.owner_of(invoice.customer),
        at=at,
    )


def _judge(books: Books, sale: Sale, on: date, at: datetime) -> None:
    del on
    invoice = invoice_of(books, sale)
    promise = Promise.objects.of(books.organization).get(invoice=invoice)
    invoicing.judge_promise(
        promise=promise,
        received=promise.open_before - invoice.open_amount,
        by=books.owner_of(invoice.customer),
        at=at,
    )


def _disputes(diary: Diary, pool: Pool) -> None:
    books = diary.books
    old = pool.take(len(REASONS), lambda sale: sale.issued_on <= books.day(21))
    for count, (reason, sale) in enumerate(zip(REASONS, old, strict=False)):
        share = Decimal(1) if count % 3 else Decimal("0.3")
        diary.note(
            books.day(17 - count), 14, partial(_dispute, books, sale, reason=reason, share=share)
        )
        if count % 3 == 1:
            diary.note(books.day(6), 15.5, partial(_resolve, books, sale))


def _dispute(
    books: Books, sale: Sale, on: date, at: datetime, *, reason: str, share: Decimal
) -> None:
    invoice = invoice_of(books, sale)
    customer = invoice.customer
    invoicing.open_dispute(
        invoice=invoice,
        reason=reason,
        amount=money.rounded(invoice.open_amount * share, invoice.currency),
        assignee=customer.billing_owner,
        on=on,
        by=books.owner_of(customer),
        at=at,
    )


def _resolve(books: Books, sale: Sale, on: date, at: datetime) -> None:
    invoice = invoice_of(books, sale)
    dispute = Dispute.objects.of(books.organization).get(invoice=invoice)
    invoicing.resolve_dispute(dispute=dispute, on=on, by=books.owner_of(invoice.customer), at=at)


def put_away(diary: Diary, settled: Sequence[UUID], owing: Sequence[UUID]) -> None:
    """Notes customers with whom business has ended, with nothing open or with something."""
    books = diary.books
    for count, customer_id in enumerate(settled[:6]):
        end = customers.archive_customer if count % 2 else customers.deactivate_customer
        diary.note(books.day(30), 15 + count / 8, partial(_end, books, customer_id, end))
    for customer_id in owing[:2]:
        deed = partial(_end, books, customer_id, customers.deactivate_customer)
        diary.note(books.day(18), 15, deed)


def _end(books: Books, customer_id: UUID, end: Callable[..., None], on: date, at: datetime) -> None:
    del on
    end(customer=books.customers[customer_id], by=staff(books.members[MANAGER].id), at=at)


def _notes(diary: Diary) -> None:
    books = diary.books
    talkative = sorted(books.customers)[:: max(len(books.customers) // 45, 1)]
    for count, customer_id in enumerate(talkative):
        days_ago = 2 + count * 37 % 160
        deed = partial(_note, books, customer_id, NOTES[count % len(NOTES)])
        diary.note(books.day(days_ago), 11 + count % 6, deed)


def _note(books: Books, customer_id: UUID, text: str, on: date, at: datetime) -> None:
    del on
    customer = books.customers[customer_id]
    person = books.person(customer_id).name
    customers.add_note(
        customer=customer, text=text.format(person=person), by=books.owner_of(customer), at=at
    )


def _tasks(diary: Diary, pool: Pool) -> None:
    books = diary.books
    late = [sale for sale in pool.sales if overdue(books, 8)(sale)]
    for count, (sale, (title, ahead)) in enumerate(zip(late, TASKS * 2, strict=False)):
        mine = count % 2 == 0
        due_on = workday(books.today + timedelta(days=ahead))
        deed = partial(_task, books, sale, title=title, due_on=due_on, mine=mine)
        diary.note(books.day(4), 16 + count / 60, deed)


def _task(
    books: Books, sale: Sale, on: date, at: datetime, *, title: str, due_on: date, mine: bool
) -> None:
    """Of whoever looks at the demo when it is `mine`, else of the customer's billing owner."""
    del on
    customer = books.customers[sale.company.id]
    todos.add_todo(
        kind="task",
        title=title,
        customer=customer,
        assignee=books.members[OWNER] if mine else None,
        due_on=due_on,
        by=staff(books.members[MANAGER].id),
        at=at,
    )

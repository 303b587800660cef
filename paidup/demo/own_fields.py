"""What colleagues note at invoices in fields of the organization's own."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from paidup.history.actors import staff
from paidup.invoicing import operations as invoicing
from paidup.organizations.field_rules import Value
from paidup.organizations.field_values import Given
from paidup.organizations.fields import add_field
from paidup.organizations.states import FieldKind, FieldSubject

from .books import Books
from .diary import Diary
from .open_items import invoice_of
from .people import OWNER
from .trade import Sale

PROJECT, DELIVERY = "Project", "Delivery date"
PROJECTS = ("Harbour plant", "Softener rollout", "Filter contract", "Laboratory", "New well")
NOTED = 60  # of the newest open invoices


def note(diary: Diary, unpaid: Sequence[Sale]) -> None:
    """Adds the fields, and notes them filled in soon after each invoice was issued."""
    books = diary.books
    fields = {
        label: add_field(
            of=FieldSubject.INVOICE,
            kind=kind,
            label=label,
            by=staff(books.members[OWNER].id),
            at=books.moment(books.day(300), 10),
        )
        for label, kind in ((PROJECT, FieldKind.TEXT), (DELIVERY, FieldKind.DATE))
    }
    newest = sorted(unpaid, key=lambda sale: (sale.issued_on, sale.number))[-NOTED:]
    for count, sale in enumerate(newest):
        given: dict[UUID, Value] = {fields[PROJECT].id: PROJECTS[count % len(PROJECTS)]}
        if count % 3:
            given[fields[DELIVERY].id] = sale.issued_on - timedelta(days=1 + count % 5)
        deed = partial(_fill_in, books, sale, given)
        diary.note(sale.issued_on, 16 + count % 90 / 60, deed)


def _fill_in(books: Books, sale: Sale, given: Given, on: date, at: datetime) -> None:
    del on
    invoice = invoice_of(books, sale)
    by = books.owner_of(invoice.customer)
    invoicing.fill_in_invoice(invoice=invoice, fields=given, by=by, at=at)

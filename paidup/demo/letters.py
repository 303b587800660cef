"""E-mails that colleagues wrote to customers: with invoices, with what is open, with a question."""

from datetime import date, datetime
from functools import partial

from paidup.correspondence.composing import Written
from paidup.correspondence.operations import establish_templates, send_mail
from paidup.correspondence.queries import templates
from paidup.history.actors import system
from paidup.lib.ids import new_id

from .books import Books
from .diary import Diary
from .mail import deliver_queued
from .open_items import Pool, invoice_of
from .trade import Sale

CORRESPONDENCE = system("correspondence")
WRITTEN = 12


def write(diary: Diary, pool: Pool) -> None:
    """Notes the templates at the beginning, and an e-mail on most of the last days."""
    books = diary.books
    establish_templates(
        organization=books.organization, by=CORRESPONDENCE, at=books.moment(books.day(400), 9)
    )
    known = [sale for sale in pool.sales if sale.issued_on <= books.day(16)]
    for count, sale in enumerate(known[:: max(len(known) // WRITTEN, 1)][:WRITTEN]):
        diary.note(books.day(1 + count), 13 + count / 8, partial(_write, books, sale, count))


def _write(books: Books, sale: Sale, count: int, on: date, at: datetime) -> None:
    """To whoever pays the customer's bills, by its billing owner, with one of the templates."""
    del on
    invoice = invoice_of(books, sale)
    customer, contact = invoice.customer, books.person(sale.company.id)
    if not invoice.open_amount or not contact.email or contact.bounced_at:
        return
    _plain, *ready = templates()
    template = ready[count % len(ready)]
    send_mail(
        customer=customer,
        contacts=[contact],
        written=Written(subject=template.subject, body=template.body, invoice_ids=(invoice.id,)),
        mail_id=new_id(),
        by=books.owner_of(customer),
        at=at,
    )
    deliver_queued(books, at=at)

"""A second invoice template, for those who pay by wire, and customers with their own wishes."""

from datetime import date, datetime, timedelta
from functools import partial

from paidup.customers import operations as customers
from paidup.customers.operations import TemplateDetails
from paidup.history.actors import staff
from paidup.organizations.models import InvoiceTemplate
from paidup.organizations.states import PaymentKind

from .books import Books
from .diary import Diary
from .open_items import Pool
from .people import OWNER
from .stories import overdue
from .trade import Sale

BY_WIRE = TemplateDetails(
    name="Wire transfer",
    heading="Thank you for your order. Please pay by wire and name the invoice number.",
    footer=(
        "First Harbor Bank, Portland\n"
        "Account 0000 000 000 (a demo has no bank account)\n"
        "Reference: the invoice number above"
    ),
    payment_kinds=[PaymentKind.WIRE, PaymentKind.CHECK],
)


def tell(diary: Diary, pool: Pool) -> None:
    """Notes who has the template from which invoice on, and who pays by bank debit alone; nobody
    of whom a charge is told."""
    books = diary.books
    template = customers.add_invoice_template(
        details=BY_WIRE, by=staff(books.members[OWNER].id), at=books.moment(books.day(300), 10)
    )
    is_late = overdue(books, 8)
    chosen = pool.take(3, lambda sale: is_late(sale) and sale.company.id not in pool.told_of)
    for count, sale in enumerate(chosen):
        wishes = partial(_by_wire, books, sale, template) if count else partial(_debit, books, sale)
        diary.note(sale.issued_on - timedelta(days=1), 12, wishes)


def _by_wire(books: Books, sale: Sale, template: InvoiceTemplate, on: date, at: datetime) -> None:
    del on
    customer = books.customers[sale.company.id]
    by = books.owner_of(customer)
    customers.edit_customer(customer=customer, invoice_template=template, by=by, at=at)


def _debit(books: Books, sale: Sale, on: date, at: datetime) -> None:
    del on
    customer = books.customers[sale.company.id]
    by = books.owner_of(customer)
    kinds: list[str] = [PaymentKind.BANK_DEBIT]
    customers.edit_customer(customer=customer, payment_kinds=kinds, by=by, at=at)

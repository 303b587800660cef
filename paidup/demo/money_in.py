"""Money for the open invoices: parts, too much, credits, refunds, a check that bounced."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from paidup.invoicing.states import Hold
from paidup.lib import money
from paidup.payments import operations as payments
from paidup.payments.models import Payment
from paidup.payments.states import CreditReason

from .books import Books
from .diary import Diary
from .mail import deliver_queued
from .open_items import Pool, invoice_of
from .trade import Sale, Ways

Deed = Callable[[Books, Sale, date, datetime], None]
NOTHING = Decimal(0)


def tell(diary: Diary, pool: Pool) -> None:
    """Notes every story about money, each of an invoice of its own."""
    books = diary.books
    sales = pool.take(
        len(STORIES), lambda sale: sale.issued_on <= books.day(22) and sale.net >= 300
    )
    for count, (story, sale) in enumerate(zip(STORIES, sales, strict=False)):
        for days_ago, deed in story:
            diary.note(books.day(days_ago), 10 + count / 4, partial(deed, books, sale))


def pay(
    books: Books,
    sale: Sale,
    on: date,
    at: datetime,
    *,
    share: str = "1",
    extra: str = "0",
) -> None:
    """A share of what is open comes in, or all of it and more."""
    invoice = invoice_of(books, sale)
    put = money.rounded(invoice.open_amount * Decimal(share), invoice.currency)
    ways = Ways.of(sale.company)
    payments.record_payment(
        customer=invoice.customer,
        amount=put + Decimal(extra),
        currency=invoice.currency,
        kind=ways.kind,
        reference=ways.reference(books.rng.randrange(2000, 3000)),
        received_on=on,
        to=[(invoice.id, put)],
        on=on,
        by=books.owner_of(invoice.customer),
        at=at,
    )
    deliver_queued(books, at=at)


def _credit(
    books: Books,
    sale: Sale,
    on: date,
    at: datetime,
    *,
    reason: CreditReason,
    description: str,
    share: str,
    keep: bool = False,
) -> None:
    """A share of the invoice is credited, or kept for what is bought next."""
    invoice = invoice_of(books, sale)
    amount = money.rounded(invoice.open_amount * Decimal(share), invoice.currency)
    payments.grant_credit(
        customer=invoice.customer,
        amount=amount,
        currency=invoice.currency,
        reason=reason,
        description=description,
        to=[(invoice.id, amount)],
        leave_unapplied=keep,
        on=on,
        by=books.owner_of(invoice.customer),
        at=at,
    )


def _refund(
    books: Books,
    sale: Sale,
    on: date,
    at: datetime,
    *,
    share: str,
    credit_invoices: bool,
    reason: str,
) -> None:
    payment = _payment_of(books, sale)
    payments.refund_payment(
        payment=payment,
        amount=money.rounded(payment.amount * Decimal(share), payment.currency),
        credit_invoices=credit_invoices,
        reason=reason,
        on=on,
        by=books.owner_of(payment.customer),
        at=at,
    )


def _bounce(books: Books, sale: Sale, on: date, at: datetime) -> None:
    payment = _payment_of(books, sale)
    payments.reverse_payment(
        payment=payment,
        reason="Check returned unpaid by the bank",
        hold=Hold.REVERSED,
        on=on,
        by=books.owner_of(payment.customer),
        at=at,
    )


def _payment_of(books: Books, sale: Sale) -> Payment:
    rows = Payment.objects.of(books.organization).filter(customer_id=sale.company.id)
    return rows.select_related("customer").order_by("-received_on", "-id")[0]


_price = partial(
    _credit,
    reason=CreditReason.PRICING,
    description="Renewal price not yet in our list",
    share="0.15",
)
_drums = partial(
    _credit, reason=CreditReason.RETURN, description="Two unopened drums taken back", share="0.3"
)
_apology = partial(
    _credit, reason=CreditReason.GOODWILL, description="For the late delivery", share="0.1"
)
_freight = partial(
    _credit,
    reason=CreditReason.OTHER,
    description="Freight billed in error, kept for the next order",
    share="0.08",
    keep=True,
)
_send_back = partial(_refund, share="0.1", credit_invoices=True, reason="Paid by mistake")
_no_visit = partial(_refund, share="0.2", credit_invoices=True, reason="Visit was not needed")
_reopen = partial(_refund, share="0.3", credit_invoices=False, reason="Paid for a sister company")

# What happens, and how many days ago; a story may have two parts. The last ones are of today.
STORIES: tuple[tuple[tuple[int, Deed], ...], ...] = (
    ((16, partial(pay, share="0.5")),),
    ((13, partial(pay, share="0.4")),),
    ((9, partial(pay, share="0.65")),),
    ((5, partial(pay, share="0.25")),),
    ((1, partial(pay, share="0.8")),),
    ((12, partial(pay, extra="120.00")),),
    ((6, partial(pay, extra="84.50")),),
    ((12, _price),),
    ((8, _drums),),
    ((4, _apology),),
    ((7, _freight),),
    ((11, partial(pay, extra="310.00")), (7, _send_back)),
    ((14, pay), (9, _no_visit)),
    ((13, pay), (8, _reopen)),
    ((10, pay), (4, _bounce)),
    ((0, pay),),
    ((0, pay),),
    ((0, partial(pay, share="0.5")),),
)

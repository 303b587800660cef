"""Who is charged automatically, who pays by link, and what became of it: a gateway has its part.

Nobody calls a gateway within a transaction. Methods are saved there before the books are written,
and charges are made after those are committed.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from paidup.autopay import operations as autopay
from paidup.autopay.models import Interval
from paidup.history.actors import contact, system
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.gateways.interface import Method
from paidup.payments.gateways.registry import gateway
from paidup.payments.gateways.sandbox.charging import advance
from paidup.payments.gateways.sandbox.methods import tokenize
from paidup.payments.mandates import Authority
from paidup.payments.models import Intent
from paidup.payments.operations import Order
from paidup.payments.queries import idempotency_key
from paidup.payments.states import Channel, IntentState, PaymentKind, Purpose

from .books import Books
from .cast import Habit
from .diary import Diary
from .mail import deliver_queued
from .open_items import Pool, invoice_of
from .trade import Sale

SANDBOX = "sandbox"
AUTOPAY = system("autopay")
MANDATE = (
    "I authorize Larkfield Water Systems to charge this payment method for invoices when they are"
    " due. I can revoke this at any time."
)
# With some, the method has stopped working: insufficient funds, a stolen card, a debit that comes
# back after three days.
FAILING = ("0341", "0002", "3115")
BEGAN = 70  # days ago
TICKS = (14, 10, 6, 3, 1)  # days ago


def save_methods(sales: Sequence[Sale], *, on: date, at: datetime) -> dict[UUID, Method]:
    """Saves at the gateway, by customer, what those are charged to who are charged at all."""
    charged = {
        sale.company.id: sale.company for sale in sales if sale.company.habit is Habit.AUTOPAY
    }
    soon_due = {sale.company.id for sale in sales if not sale.paid_on and _was_due(sale, on)}
    failing = dict(zip([each for each in charged if each in soon_due], FAILING, strict=False))
    return {
        company_id: gateway(SANDBOX).save(
            tokenize(last4=failing.get(company_id, company.charged), at=at).token
        )
        for company_id, company in charged.items()
    }


def schedule(diary: Diary, methods: Mapping[UUID, Method]) -> None:
    """Notes who gave a mandate and from when on they are charged."""
    books = diary.books
    for count, (customer_id, method) in enumerate(methods.items()):
        deed = partial(_schedule, books, customer_id, method=method, count=count)
        diary.note(books.day(BEGAN), 9 + count / 10, deed)


def note_charges(diary: Diary, pool: Pool) -> None:
    """Notes the engine's ticks and those who pay by link, for a diary outside any transaction."""
    books = diary.books
    for days_ago in TICKS:
        diary.note(books.today - timedelta(days=days_ago), 6.35, partial(_tick, books))
    by_link = pool.take(4, lambda sale: sale.due_on <= books.day(1))
    for count, sale in enumerate(by_link):
        diary.note(books.day(6 - 2 * count), 13.4 + count, partial(_pay_by_link, books, sale))


def _was_due(sale: Sale, on: date) -> bool:
    """So that a tick has charged it, and a debit has come back since."""
    return sale.due_on <= on - timedelta(days=TICKS[2])


def _schedule(
    books: Books, customer_id: UUID, on: date, at: datetime, *, method: Method, count: int
) -> None:
    customer = books.customers[customer_id]
    person = books.person(customer_id)
    payments.save_method(
        customer=customer,
        gateway_name=SANDBOX,
        method=method,
        authority=Authority(text=MANDATE, channel=Channel.WEB, given_by=person.name),
        by=contact(person.id),
        at=at,
    )
    interval, days = Interval.DAILY, list[int]()
    if method.last4 not in FAILING and count % 5 == 3:
        interval, days = Interval.WEEKLY, [books.today.weekday()]
    if method.last4 not in FAILING and count % 5 == 4:
        interval, days = Interval.MONTHLY, [books.today.day]
    autopay.set_schedule(
        customer=customer,
        interval=interval,
        days=days,
        starts_on=on,
        by=contact(person.id),
        at=at,
    )


def _tick(books: Books, on: date, at: datetime) -> None:
    """The engine claims what is due, the gateway is asked, and what it knows by now is taken in."""
    autopay.tick(organization_id=books.organization.id, at=at)
    with tenant(books.organization.id) as organization_id:
        claimed = Intent.objects.of(organization_id).filter(state=IntentState.PENDING)
        ids = list(claimed.values_list("id", flat=True))
    for intent_id in ids:
        _charge(books, intent_id, on=on, at=at)
    advance(at=at)
    with tenant(books.organization.id) as organization_id:
        for intent in Intent.objects.of(organization_id).filter(state=IntentState.AUTHORIZED):
            facts = gateway(SANDBOX).look_up(idempotency_key(intent))
            payments.record_facts(intent_id=intent.id, facts=facts, at=at)
            autopay.note_outcome(intent_id=intent.id, on=on, by=AUTOPAY, at=at)
        deliver_queued(books, at=at)


def _pay_by_link(books: Books, sale: Sale, on: date, at: datetime) -> None:
    card = tokenize(last4=sale.company.charged, at=at)
    with tenant(books.organization.id):
        invoice = invoice_of(books, sale)
        intent = payments.claim_charge(
            order=Order(
                customer=invoice.customer,
                amounts=[(invoice.id, invoice.open_amount)],
                gateway=SANDBOX,
                token=card.token,
                method_kind=PaymentKind(card.kind),
                method_label=f"{card.brand} •••• {card.last4}",
            ),
            purpose=Purpose.PAY_LINK,
            by=contact(books.person(sale.company.id).id),
            at=at,
        )
    _charge(books, intent.id, on=on, at=at)
    with tenant(books.organization.id):
        deliver_queued(books, at=at)


def _charge(books: Books, intent_id: UUID, *, on: date, at: datetime) -> None:
    organization_id = books.organization.id
    payments.run_charge(organization_id=organization_id, intent_id=intent_id, at=at)
    with tenant(organization_id):
        autopay.note_outcome(intent_id=intent_id, on=on, by=AUTOPAY, at=at)

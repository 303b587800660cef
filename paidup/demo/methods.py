"""A card that changes hands: its customer gives another one by phone, and a customer that orders
for the same people gets the former one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from paidup.payments import operations as payments
from paidup.payments import queries
from paidup.payments.gateways.interface import Method
from paidup.payments.gateways.registry import gateway
from paidup.payments.gateways.sandbox.methods import tokenize
from paidup.payments.mandates import Authority, wording
from paidup.payments.states import Channel

from .books import Books
from .cast import Habit
from .charges import FAILING, SANDBOX
from .diary import Diary
from .trade import Sale


def save_another(*, at: datetime) -> Method:
    """Saves the other card at the gateway."""
    return gateway(SANDBOX).save(tokenize(last4="4444", at=at).token)


def tell(
    diary: Diary, methods: Mapping[UUID, Method], unpaid: Sequence[Sale], *, another: Method
) -> None:
    """Notes it, where two customers of one entity are there for it."""
    books = diary.books
    working = (one for one, method in methods.items() if method.last4 not in FAILING)
    payer_id = next(working, None)
    if payer_id is None:
        return
    entity_id = books.customers[payer_id].entity_id
    heirs = (
        sale.company.id
        for sale in unpaid
        if sale.company.habit is not Habit.AUTOPAY
        and sale.issued_on >= books.day(20)
        and books.customers[sale.company.id].entity_id == entity_id
    )
    heir_id = next(heirs, None)
    if heir_id:
        deed = partial(_change_hands, books, payer_id, heir_id, another=another)
        diary.note(books.day(5), 10.2, deed)


def _change_hands(
    books: Books, payer_id: UUID, heir_id: UUID, on: date, at: datetime, *, another: Method
) -> None:
    payer, heir = books.customers[payer_id], books.customers[heir_id]
    by = books.owner_of(payer)
    former = queries.default_method(payer)
    payments.save_method(
        customer=payer,
        gateway_name=SANDBOX,
        method=another,
        authority=Authority(
            text=wording(payer), channel=Channel.PHONE, given_by=books.person(payer_id).name
        ),
        by=by,
        at=at,
    )
    if former:
        payments.transfer_method(
            method=former,
            target=heir,
            authority=Authority(
                text=wording(heir), channel=Channel.PAPER, given_by=books.person(heir_id).name
            ),
            on=on,
            by=by,
            at=at,
        )

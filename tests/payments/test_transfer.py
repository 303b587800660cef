"""Transferring a saved method to another customer, and the authority that doesn't go with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import IntegrityError

from paidup.autopay import operations as autopay
from paidup.autopay.models import Interval
from paidup.autopay.operations import engine
from paidup.customers import operations as customers
from paidup.customers.models import Customer
from paidup.history.models import Event
from paidup.lib.tenancy import tenant
from paidup.lifecycle.deletion import delete_customer
from paidup.organizations.operations import add_entity
from paidup.payments import operations as payments
from paidup.payments import queries
from paidup.payments.gateways.sandbox.gateway import Sandbox
from paidup.payments.mandates import Authority
from paidup.payments.models import ErasedMethod, Intent, Mandate, PaymentMethod
from paidup.payments.operations import MethodRefused, claim, transfer
from paidup.payments.states import Channel
from tests.support.books import Books, found_books
from tests.support.races import both, meeting_at

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]

BY_PHONE = Authority(text="I agree.", channel=Channel.PHONE, given_by="Bob Payer")


@dataclass
class Pair:
    """A customer with a method and a schedule, and one without."""

    books: Books
    source: Customer
    target: Customer
    method: PaymentMethod

    def transfer(self, authority: Authority | None = None) -> PaymentMethod:
        """The method goes from the one to the other."""
        with tenant(self.books.id):
            return payments.transfer_method(
                method=self.method,
                target=self.target,
                authority=authority,
                on=self.books.on,
                by=self.books.by,
                at=self.books.at,
            )

    def tick(self) -> int:
        """How many charges the engine makes."""
        return autopay.tick(organization_id=self.books.id, at=self.books.at).charges


def make_pair() -> Pair:
    books = found_books()
    source, target = books.customer("Globex"), books.customer("Initech")
    for customer in (source, target):
        books.invoice(customer, due_in=-1)
        with tenant(books.id):
            autopay.set_schedule(
                customer=customer,
                interval=Interval.DAILY,
                starts_on=books.on,
                by=books.by,
                at=books.at,
            )
    return Pair(books, source, target, books.method(source))


@pytest.fixture
def pair() -> Pair:
    return make_pair()


def test_the_authority_stays_behind_and_nothing_is_charged_without_a_new_one(pair: Pair) -> None:
    moved = pair.transfer()
    assert (moved.customer_id, moved.default) == (pair.target.id, True)
    assert pair.tick() == 0
    with tenant(pair.books.id):
        ended = Mandate.objects.get()
        assert (ended.customer_id, ended.revoked_at) == (pair.source.id, pair.books.at)
        assert queries.default_method(pair.source) is None
        payments.give_mandate(method=moved, authority=BY_PHONE, by=pair.books.by, at=pair.books.at)
    assert pair.tick() == 1
    with tenant(pair.books.id):
        assert Intent.objects.get().customer_id == pair.target.id


def test_a_new_authority_may_be_recorded_with_it(pair: Pair) -> None:
    moved = pair.transfer(BY_PHONE)
    with tenant(pair.books.id):
        mandate = queries.live_mandate(moved)
        assert mandate
        assert (mandate.customer_id, mandate.channel, mandate.given_by) == (
            pair.target.id,
            "phone",
            "Bob Payer",
        )
        with pytest.raises(MethodRefused, match="already"):
            payments.give_mandate(
                method=moved, authority=BY_PHONE, by=pair.books.by, at=pair.books.at
            )
    assert pair.tick() == 1


def test_both_customers_tell_of_it(pair: Pair) -> None:
    pair.transfer()
    with tenant(pair.books.id):
        told = dict(
            Event.objects.filter(kind__in=("method.transferred", "method.received")).values_list(
                "customer_id", "data"
            )
        )
    change = {"changes": {"method_of": [str(pair.source.id), str(pair.target.id)]}}
    assert told == {pair.source.id: change, pair.target.id: change}


def test_a_target_s_own_default_stays(pair: Pair) -> None:
    own = pair.books.method(pair.target, last4="4444")
    other = pair.books.method(pair.source, last4="6789")  # the default from now on
    moved = pair.transfer()
    assert not moved.default
    with tenant(pair.books.id):
        assert queries.default_method(pair.target) == own
        assert queries.default_method(pair.source) == other
        payments.make_default(method=moved, by=pair.books.by, at=pair.books.at)
        assert queries.default_method(pair.target) == moved


def to_itself(pair: Pair) -> None:
    pair.target = pair.source


def to_another_entity(pair: Pair) -> None:
    with tenant(pair.books.id):
        entity = add_entity(
            organization=pair.books.organization, name="Acme West", currency="USD", country="US"
        )
        pair.target = customers.add_customer(
            entity=entity, name="Hooli", by=pair.books.by, at=pair.books.at
        )


def removed(pair: Pair) -> None:
    with tenant(pair.books.id):
        payments.remove_method(method=pair.method, by=pair.books.by, at=pair.books.at)


def expired(pair: Pair) -> None:
    with tenant(pair.books.id):
        PaymentMethod.objects.update(expires_on="2026-01-31")


def archived(pair: Pair) -> None:
    with tenant(pair.books.id):
        pair.target = customers.add_customer(
            entity=pair.books.entity, name="Hooli", by=pair.books.by, at=pair.books.at
        )
        customers.archive_customer(customer=pair.target, by=pair.books.by, at=pair.books.at)


def of_another_kind(pair: Pair) -> None:
    with tenant(pair.books.id):
        Customer.objects.filter(id=pair.target.id).update(payment_kinds=["bank_debit"])


def charged(pair: Pair) -> None:
    assert pair.tick() == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (to_itself, "That is the same customer"),
        (to_another_entity, "they stay apart"),
        (removed, "no longer on file"),
        (expired, "has expired"),
        (archived, "is archived; reactivate it first"),
        (of_another_kind, "Initech: Card can't be kept .* only: Bank debit"),
        (charged, "A charge to Visa •••• 4242 is under way"),
    ],
)
def test_what_is_refused_says_why(pair: Pair, reason: Callable[[Pair], None], said: str) -> None:
    reason(pair)
    with pytest.raises(MethodRefused, match=said):
        pair.transfer()
    with tenant(pair.books.id):
        assert PaymentMethod.objects.get().customer_id == pair.source.id


def test_a_charge_and_a_transfer_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock a charge of the source is under way to what is the target's by then."""

    def race() -> bool:
        pair = make_pair()
        turns: Iterator[Callable[[], object]] = iter((pair.transfer, pair.tick))
        with meeting_at(monkeypatch, (queries, "claimed_invoices"), (queries, "is_being_charged")):
            both(lambda: next(turns)())  # noqa: PLW0108  each thread takes its own
        with tenant(pair.books.id):
            intent = Intent.objects.filter(customer=pair.source).first()
            owner = PaymentMethod.objects.get(removed_at=None).customer_id
        return bool(intent) and owner == pair.target.id

    with monkeypatch.context() as unlocked:
        for module in (claim, transfer, engine):
            unlocked.setattr(module, "lock_customers", lambda *_: None)
        assert race()
    assert not race()


def charge(pair: Pair, customer: Customer) -> None:
    assert pair.tick() == 1
    with tenant(pair.books.id):
        intent = Intent.objects.get(customer=customer)
    pair.books.run(intent)


def test_the_first_customer_can_be_deleted_afterwards(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge(pair, pair.source)
    moved = pair.transfer()
    with tenant(pair.books.id):
        delete_customer(customer=pair.source, by=pair.books.by, at=pair.books.at)
        assert PaymentMethod.objects.get().id == moved.id
        assert not Mandate.objects.exists()
        assert Intent.objects.get().method is None
        [erased] = ErasedMethod.objects.all()
    forgotten: list[str] = []
    monkeypatch.setattr(Sandbox, "forget", lambda _self, token: forgotten.append(token))
    payments.forget_erased(organization_id=pair.books.id, erased_id=erased.id)
    assert not forgotten, "the gateway keeps what has become another's"


def test_what_the_first_customer_allowed_outlives_the_second(pair: Pair) -> None:
    """Whoever disputes a charge later is shown the authority for it."""
    charge(pair, pair.source)
    pair.transfer(BY_PHONE)
    charge(pair, pair.target)
    with tenant(pair.books.id):
        delete_customer(customer=pair.target, by=pair.books.by, at=pair.books.at)
        mandate = Mandate.objects.get()
        assert (mandate.customer_id, mandate.revoked_at) == (pair.source.id, pair.books.at)
        assert Intent.objects.get(customer=pair.source).method_id == mandate.method_id


def test_a_token_is_one_customer_s_alone(pair: Pair) -> None:
    with tenant(pair.books.id), pytest.raises(IntegrityError, match="one_customer_s_method"):
        PaymentMethod.objects.create(
            organization_id=pair.books.id,
            customer=pair.target,
            gateway=pair.method.gateway,
            token=pair.method.token,
            saved_at=pair.books.at,
        )

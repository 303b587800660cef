"""Two people merge the same contacts, or the same customers, at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, OperationalError, connections

from paidup.autopay import operations as autopay
from paidup.cadences import operations as cadences
from paidup.cadences.models import Cadence, LinkAssignment
from paidup.cadences.operations import assign as assigning
from paidup.cadences.operations import assign_own
from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.operations import CustomerRefused, paying
from paidup.customers.operations import merge as merging
from paidup.customers.queries import merged_into
from paidup.lib.tenancy import tenant
from paidup.lifecycle import contacts, queries
from paidup.lifecycle.contacts import merge_contacts
from paidup.lifecycle.operations import merge_customers
from paidup.payments.queries import allowed_kinds
from tests.lifecycle.cast import merge
from tests.support.books import Books, found_books
from tests.support.races import both, meeting, meeting_at
from tests.support.templates import add_template, edit, take

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]


@pytest.mark.parametrize("_time", range(5))
def test_one_of_them_stays_and_the_second_is_told(_time: int) -> None:
    books = found_books()
    customer = books.customer()
    first, second = (books.contact(customer, f"{name}@globex.example") for name in "ab")
    start = Barrier(2)

    def run(into: UUID, other: UUID) -> bool:
        try:
            start.wait()
            return merged(books, into, other)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(run, (first.id, second.id), (second.id, first.id)))
    assert sorted(done) == [False, True]
    with tenant(books.id):
        kept = Contact.objects.standing().get()
        assert ContactLink.objects.get().contact_id == kept.id


def merged(books: Books, into: UUID, other: UUID) -> bool:
    try:
        with tenant(books.id):
            merge_contacts(into=into, others=[other], by=books.by, at=books.at)
    except CustomerRefused:
        return False
    return True


def test_a_customer_merged_into_two_at_once_goes_into_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def race() -> tuple[list[Any], Books, Customer]:
        books = found_books()
        source = books.customer("Source")
        books.invoice(source, "120.00")
        targets = iter([books.customer("First"), books.customer("Second")])

        def merge() -> None:
            target = next(targets)
            with tenant(books.id):
                merge_customers(source=source, target=target, by=books.by, at=books.at)

        with meeting(monkeypatch, queries, "balances"):
            return both(merge), books, source

    with monkeypatch.context() as unlocked:
        unlocked.setattr(customers, "lock_pair", _unlocked)
        outcomes, *_rest = race()
        assert any(isinstance(outcome, DatabaseError) for outcome in outcomes)
    outcomes, books, source = race()
    assert [type(outcome) for outcome in sorted(outcomes, key=bool)] == [
        type(None),
        CustomerRefused,
    ]
    with tenant(books.id):
        owing = Customer.objects.get(open_amount=120)
        assert merged_into(source.id) == owing.id


def test_two_customers_merged_into_each_other_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    def race() -> tuple[list[Any], Books]:
        books = found_books()
        pair = [books.customer("First"), books.customer("Second")]
        turns = iter([pair, pair[::-1]])

        def merge() -> None:
            source, target = next(turns)
            with tenant(books.id):
                merge_customers(source=source, target=target, by=books.by, at=books.at)

        return both(merge), books

    with monkeypatch.context() as patch:
        meet = Barrier(2)
        patch.setattr(customers, "lock_pair", lambda *pair: _locked_as_given(meet, *pair))
        outcomes, _books = race()
        assert any(isinstance(outcome, OperationalError) for outcome in outcomes), "a deadlock"
    outcomes, books = race()
    assert [type(outcome) for outcome in sorted(outcomes, key=bool)] == [
        type(None),
        CustomerRefused,
    ]
    with tenant(books.id):
        assert Customer.objects.count() == 1


def test_no_merger_leaves_nothing_to_pay_with_while_templates_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = found_books()
    source, target = books.customer("Source"), books.customer("Target")
    edit(books, source, payment_kinds=["card", "wire"])
    edit(books, target, invoice_template=add_template(books, "No wire", "card", "check"))
    deeds: Iterator[Callable[[], object]] = iter(
        [partial(merge, books, source, target), partial(take, books, "check", "wire")]
    )
    checked = Barrier(2)

    def then_wait(rules: Callable[..., Any]) -> Callable[..., Any]:
        def read() -> Any:
            found = rules()
            with suppress(BrokenBarrierError):
                checked.wait(timeout=1)
            return found

        return read

    for module in (merging, paying):
        monkeypatch.setattr(module, "payment_rules", then_wait(module.payment_rules))

    def act() -> None:
        next(deeds)()

    both(act)
    with tenant(books.id):
        assert allowed_kinds(Customer.objects.get(id=target.id))


def _unlocked(*pair: Customer) -> list[Customer]:
    return [Customer.objects.get(id=customer.id) for customer in pair]


def _locked_as_given(meet: Barrier, *pair: Customer) -> list[Customer]:
    """The first one, then, once the other merger has its own first one, the second."""
    first, second = pair
    rows = Customer.objects.select_for_update()
    locked = [rows.get(id=first.id)]
    meet.wait(timeout=5)
    return [*locked, rows.get(id=second.id)]


def with_gentle() -> tuple[Books, Cadence]:
    books = found_books()
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    with tenant(books.id):
        standard = cadences.establish_default(organization=books.organization, **acts)
        return books, cadences.add_cadence(name="Gentle", copy_of=standard, **acts)


def one_each(*actions: Callable[[], Any]) -> list[Any]:
    """Does each in a thread of its own at once."""
    left = iter(actions)

    def next_one() -> Any:
        return next(left)()

    return both(next_one)


def test_a_persons_cadence_given_while_it_is_merged_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books, gentle = with_gentle()
    customer = books.customer()
    ann, anna = (books.contact(customer, f"{name}@globex.example") for name in ("ann", "anna"))

    def assign() -> None:
        with tenant(books.id):
            link = ContactLink.objects.get(contact=anna)
            cadences.change_contact_cadence(link=link, cadence=gentle, by=books.by, at=books.at)

    with meeting_at(monkeypatch, (contacts, "unite_places"), (assign_own, "follow_soon")):
        outcomes = one_each(lambda: merged(books, ann.id, anna.id), assign)
    with tenant(books.id):
        own = LinkAssignment.objects.filter(link__contact=ann)
        told = [one for one in outcomes if isinstance(one, cadences.CadenceRefused)]
        assert len(told) + own.count() == 1, "taken over, or refused"


def test_a_cadence_is_given_to_a_sub_account_while_what_is_above_it_is_merged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books, gentle = with_gentle()
    source, target = books.customer("Globex"), books.customer("Initech")
    child = books.customer("Globex West")
    with tenant(books.id):
        Customer.objects.filter(id=child.id).update(parent=source)

    def assign() -> set[UUID]:
        with tenant(books.id):
            return cadences.change_cadences(
                customer_ids=[child.id], cadence=gentle, by=books.by, at=books.at
            )

    with meeting_at(monkeypatch, (autopay, "merge"), (assigning, "_tell")):
        outcomes = one_each(lambda: merge(books, source, target), assign)
    assert outcomes[1] == {child.id}
    with tenant(books.id):
        assert Customer.objects.get(id=child.id).parent_id == target.id

"""A change to many customers: once to each, with a result per row, and nothing lost on the way."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError
from django.test import Client

from paidup.batches import actions, queries
from paidup.batches.actions import Change
from paidup.batches.making import make_some
from paidup.batches.models import Batch, BatchRow
from paidup.batches.starting import BatchRefused, start_batch
from paidup.batches.states import Action, RowState
from paidup.communications.models import Message
from paidup.customers.models import ContactLink, Customer
from paidup.customers.states import CustomerState
from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.lifecycle.operations import merge_customers
from paidup.organizations import roles
from paidup.organizations.models import Member, User
from paidup.organizations.operations import add_member
from paidup.organizations.queries import ready_role
from paidup.organizations.roles import RoleDetails
from paidup.organizations.states import Level, Module, ReadyRole
from paidup.portal_access import operations as portal_access
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")
WorkOff = Callable[[], int]


@pytest.fixture
def books() -> Books:
    books = found_books(at=clock.now())
    for number in range(1, 6):
        customer = books.customer(f"Customer {number}")
        if number > 3:
            books.invoice(customer, "100.00", due_in=-3)
    return books


def colleague(books: Books) -> Member:
    with tenant(books.id):
        user = User.objects.create_user(f"{books.id}@acme.example", name="Kim", joined_at=books.at)
        return add_member(
            organization=books.organization,
            user=user,
            role=ready_role(books.organization, ReadyRole.AR_SPECIALIST),
        )


def start(books: Books, action: Action, *, expected: int = 5, **settings: str) -> Batch:
    with tenant(books.id):
        return start_batch(
            action=action,
            customers=Customer.objects.of(books.id),
            expected=expected,
            settings=settings,
            member=books.owner,
            at=books.at,
        )


def outcome(books: Books, batch: Batch) -> dict[str, str]:
    with tenant(books.id):
        return {
            customer.name if customer else "gone": row.state
            for row, customer in queries.results(batch)
        }


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/customers/{rest}"


def test_each_customer_gets_the_owner_and_one_event(books: Books, work_off: WorkOff) -> None:
    kim = colleague(books)
    with tenant(books.id):
        first = Customer.objects.get(name="Customer 1")
        Customer.objects.filter(id=first.id).update(billing_owner=kim)
    batch = start(books, Action.CHANGE_OWNER, owner=str(kim.id))
    work_off()
    assert outcome(books, batch) == {
        "Customer 1": RowState.UNCHANGED,
        **{f"Customer {number}": RowState.DONE for number in range(2, 6)},
    }
    with tenant(books.id):
        assert set(Customer.objects.values_list("billing_owner__name", flat=True)) == {"Kim"}
        events = Event.objects.filter(kind="customer.owner_changed")
        assert events.count() == events.values("customer_id").distinct().count() == 4
        assert {event.actor_id for event in events} == {books.owner.id}
        assert Batch.objects.get().finished_at


def test_who_owes_is_not_archived_and_named_with_the_reason(
    books: Books, work_off: WorkOff
) -> None:
    batch = start(books, Action.ARCHIVE)
    work_off()
    refused = {"Customer 4", "Customer 5"}
    assert {name for name, state in outcome(books, batch).items() if state == "refused"} == refused
    with tenant(books.id):
        archived = Customer.objects.filter(state=CustomerState.ARCHIVED)
        assert set(archived.values_list("name", flat=True)) == {f"Customer {n}" for n in (1, 2, 3)}
    client = signed_in(books)
    page = client.get(path(books, f"batches/{batch.id}/")).content.decode()
    assert "Customer 4 has an open balance" in page
    answer = client.get(path(books, f"batches/{batch.id}/results.csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "Customer,Account Number,Result,Reason"
    assert len(lines) == 6


def test_a_batch_goes_on_where_it_was_cut_off(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at a time; the second two fail once with all they had done."""
    make = actions.CHANGES[Action.ARCHIVE].make
    monkeypatch.setitem(actions.CHANGES, Action.ARCHIVE, Change(make, at_a_time=2))
    batch = start(books, Action.ARCHIVE)
    with tenant(books.id):
        assert make_some(batch=batch, at=books.at)

    def fail(*given: object) -> actions.Outcome:
        make(*given)  # type: ignore[arg-type]
        raise DatabaseError

    monkeypatch.setitem(actions.CHANGES, Action.ARCHIVE, Change(fail, at_a_time=2))
    with pytest.raises(DatabaseError), tenant(books.id):
        make_some(batch=batch, at=books.at)
    with tenant(books.id):
        assert queries.progress(batch).settled == 2
        assert Customer.objects.filter(state=CustomerState.ARCHIVED).count() == 2
    monkeypatch.setitem(actions.CHANGES, Action.ARCHIVE, Change(make, at_a_time=2))
    with tenant(books.id):
        while make_some(batch=batch, at=books.at):
            pass
        assert queries.progress(batch).settled == 5
        assert Event.objects.filter(kind="customer.archived").count() == 3
        assert Event.objects.filter(kind="batch.finished").count() == 1


def test_who_was_merged_meanwhile_is_told_apart(books: Books, work_off: WorkOff) -> None:
    kim = colleague(books)
    batch = start(books, Action.CHANGE_OWNER, owner=str(kim.id))
    with tenant(books.id):
        source, target = Customer.objects.filter(name__in=("Customer 1", "Customer 2"))
        merge_customers(source=source, target=target, by=books.by, at=books.at)
    work_off()
    states = outcome(books, batch)
    assert states["gone"] == RowState.REFUSED
    assert states[target.name] == RowState.DONE


def test_another_number_than_was_seen_starts_nothing(books: Books) -> None:
    with pytest.raises(BatchRefused, match="5 customers match now"):
        start(books, Action.ARCHIVE, expected=4)
    with tenant(books.id):
        assert not Batch.objects.exists()
        assert not BatchRow.objects.exists()


def test_a_refusal_without_a_reason_cannot_be_kept(books: Books) -> None:
    start(books, Action.ARCHIVE)
    with pytest.raises(DatabaseError, match="batch_row_says_why"), tenant(books.id):
        BatchRow.objects.update(state=RowState.REFUSED)


def test_all_that_match_are_meant_once_their_number_is_typed(
    books: Books, work_off: WorkOff
) -> None:
    client, kim = signed_in(books), colleague(books)
    asked = path(books, "batches/new/change_owner/?all=1")
    assert "Type <strong>2</strong>" in client.get(asked).content.decode()
    sent = {"owner": str(kim.id), "typed": "3"}
    assert client.post(asked, sent).status_code == 422
    started = client.post(asked, sent | {"typed": "2"})
    assert started.status_code == 302
    work_off()
    with tenant(books.id):
        owned = Customer.objects.filter(billing_owner=kim).values_list("name", flat=True)
        assert set(owned) == {"Customer 4", "Customer 5"}
    assert client.get(started.headers["Location"]).status_code == 200


def test_the_chosen_rows_alone_are_meant(books: Books, work_off: WorkOff) -> None:
    client, kim = signed_in(books), colleague(books)
    with tenant(books.id):
        chosen = Customer.objects.get(name="Customer 2")
    asked = path(books, f"batches/new/change_owner/?customer={chosen.id}&customer=nonsense")
    client.post(asked, {"owner": str(kim.id), "typed": "1"})
    work_off()
    with tenant(books.id):
        assert Customer.objects.get(billing_owner=kim) == chosen


def test_who_may_only_look_starts_nothing(books: Books) -> None:
    looking: Client = onlooker(books)
    assert looking.get(path(books, "batches/new/archive/?all=1")).status_code == 403
    assert "row-check" not in looking.get(path(books)).content.decode()
    assert signed_in(books).get(path(books, "batches/new/explode/?all=1")).status_code == 404


def test_an_invitation_goes_to_each_main_contact_that_can_be_reached(
    books: Books, work_off: WorkOff
) -> None:
    with tenant(books.id):
        everybody = list(Customer.objects.order_by("name"))
    first, second, third, *_others = everybody
    for customer, name in ((first, "ann"), (second, "bob"), (third, "eve")):
        books.contact(customer, f"{name}@example.test")
    with tenant(books.id):
        off = ContactLink.objects.get(customer=third)
        portal_access.disable(link=off, by=books.by, at=books.at)
    client = signed_in(books)
    page = path(books, "batches/new/invite/?")
    page += "&".join(f"customer={customer.id}" for customer in everybody)
    assert "{{ contact.name }}" in client.get(page).content.decode()
    sent = {"subject": "Come in", "body": "Dear {{ contact.name }}"}
    assert client.post(page, {**sent, "typed": "4"}).status_code == 422
    assert client.post(page, {**sent, "body": "{{ nobody }}", "typed": "5"}).status_code == 422
    assert client.post(page, {**sent, "typed": "5"}).status_code == 302
    work_off()
    with tenant(books.id):
        batch = Batch.objects.get()
        said = {message.to_address: message.blocks[0]["text"] for message in Message.objects.all()}
        reasons = set(BatchRow.objects.exclude(reason="").values_list("reason", flat=True))
    assert said == {"ann@example.test": "Dear Ann", "bob@example.test": "Dear Bob"}
    states = sorted(outcome(books, batch).values())
    assert states == ["done", "done", "refused", "refused", "refused"]
    assert reasons == {
        "No contact has an e-mail address that takes mail; add one.",
        "The portal is disabled for Eve; enable it there first.",
    }


def test_who_may_send_no_messages_sends_no_invitations(books: Books) -> None:
    levels = {Module.CUSTOMERS: Level.EDIT}
    with tenant(books.id):
        details = RoleDetails(name="Keeper", limited=False, levels=levels)
        role = roles.add_role(details=details, by=books.by, at=books.at)
    client = client_of(member_with(books, role).user)
    assert client.get(path(books, "batches/new/invite/?all=1")).status_code == 403
    assert "Send an Invitation" not in client.get(path(books)).content.decode()

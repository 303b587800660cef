"""To-dos: asked once, finished, put off, handed on."""

from datetime import timedelta
from uuid import UUID

import pytest

from paidup.history.models import Event
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Member, User
from paidup.organizations.operations import add_member
from paidup.organizations.queries import ready_role
from paidup.organizations.states import ReadyRole
from paidup.todos import queries
from paidup.todos.models import Todo
from paidup.todos.operations import (
    NewTodo,
    TodoRefused,
    add_todo,
    add_todos,
    assign_todo,
    finish_todo,
    finish_todos_about,
    reopen_todo,
    snooze_todo,
)
from tests.support.books import Books, found_books

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return found_books()


@pytest.fixture
def colleague(books: Books) -> Member:
    user = User.objects.create_user(
        f"sam@{books.organization.slug}.example", "pw", name="Sam", joined_at=books.at
    )
    with tenant(books.id):
        return add_member(
            organization=books.organization,
            user=user,
            role=ready_role(books.organization, ReadyRole.AR_SPECIALIST),
        )


def add(
    books: Books, title: str = "Call them", *, due_in: int | None = None, about: UUID | None = None
) -> Todo:
    with tenant(books.id):
        todo = add_todo(
            kind="call",
            title=title,
            subject_id=about,
            due_on=None if due_in is None else books.on + timedelta(days=due_in),
            by=books.by,
            at=books.at,
        )
        assert todo
        return todo


def queue(books: Books, *, days: int = 0, snoozed: bool = False) -> list[str]:
    with tenant(books.id):
        on = books.on + timedelta(days=days)
        return [todo.title for todo in queries.queue_of(books.owner.id, on=on, snoozed=snoozed)]


def test_the_customers_billing_owner_is_asked_else_the_default_one(
    books: Books, colleague: Member
) -> None:
    customer = books.customer()
    with tenant(books.id):
        customer.billing_owner = colleague
        customer.save(update_fields=["billing_owner"])
        theirs = add_todo(kind="call", title="Hers", customer=customer, by=books.by, at=books.at)
        assert theirs
        assert theirs.assignee_id == colleague.id
        [event] = Event.objects.filter(kind="todo.added")
        assert (event.customer_id, event.subject_id) == (customer.id, theirs.id)
    assert add(books).assignee_id == books.owner.id


def test_of_one_thing_there_is_one_open_todo(books: Books) -> None:
    about = new_id()
    first = add(books, about=about)
    with tenant(books.id):
        news = [NewTodo(kind=kind, title="Again", subject_id=about) for kind in ("call", "look")]
        [other] = add_todos(news, by=books.by, at=books.at)
        assert other.kind == "look"
        finish_todo(todo=first, by=books.by, at=books.at)
    assert add(books, about=about).id != first.id


def test_it_needs_a_title(books: Books) -> None:
    with pytest.raises(TodoRefused, match="Say what"):
        add(books, "  ")


def test_the_most_urgent_comes_first(books: Books) -> None:
    add(books, "someday")
    add(books, "tomorrow", due_in=1)
    add(books, "overdue", due_in=-1)
    assert queue(books) == ["overdue", "tomorrow", "someday"]
    with tenant(books.id):
        assert queries.load_of(books.owner.id, on=books.on) == queries.Load(3, 1, 0)


def test_finished_and_reopened(books: Books) -> None:
    about = new_id()
    todo = add(books, about=about)
    with tenant(books.id):
        for _time in range(2):
            finish_todo(todo=todo, by=books.by, at=books.at)
        assert Event.objects.filter(kind="todo.done").count() == 1
    assert queue(books) == []
    with tenant(books.id):
        reopen_todo(todo=todo, by=books.by, at=books.at)
    assert queue(books) == ["Call them"]
    with tenant(books.id):
        finish_todos_about(kind="call", subject_ids=[about], by=books.by, at=books.at)
    assert queue(books) == []
    add(books, "A newer one", about=about)
    with tenant(books.id), pytest.raises(TodoRefused, match="A newer to-do"):
        reopen_todo(todo=todo, by=books.by, at=books.at)


def test_snoozed_until_a_day(books: Books) -> None:
    todo = add(books)
    with tenant(books.id):
        with pytest.raises(TodoRefused, match="after today"):
            snooze_todo(todo=todo, until=books.on, on=books.on, by=books.by, at=books.at)
        until = books.on + timedelta(days=2)
        snooze_todo(todo=todo, until=until, on=books.on, by=books.by, at=books.at)
    assert queue(books) == []
    assert queue(books, snoozed=True) == ["Call them"]
    assert queue(books, days=2) == ["Call them"]


def test_handed_to_a_colleague(books: Books, colleague: Member) -> None:
    todo = add(books)
    with tenant(books.id):
        assign_todo(todo=todo, assignee=colleague, by=books.by, at=books.at)
        assert [t.id for t in queries.queue_of(colleague.id, on=books.on)] == [todo.id]
        colleague.active = False
        with pytest.raises(TodoRefused, match="no active member"):
            assign_todo(todo=todo, assignee=colleague, by=books.by, at=books.at)
        finish_todo(todo=todo, by=books.by, at=books.at)
        with pytest.raises(TodoRefused, match="done already"):
            assign_todo(todo=todo, assignee=books.owner, by=books.by, at=books.at)


def test_a_customers_todos(books: Books) -> None:
    customer = books.customer()
    add(books, "Not theirs")
    with tenant(books.id):
        for title in ("first", "second"):
            todo = add_todo(kind="call", title=title, customer=customer, by=books.by, at=books.at)
        assert todo
        finish_todo(todo=todo, by=books.by, at=books.at)
        assert [t.title for t in queries.of_customer(customer.id)] == ["first"]
        assert [t.title for t in queries.of_customer(customer.id, done=True)] == ["second"]

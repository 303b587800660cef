"""The verbs of to-dos."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.history.operations import Happening
from paidup.lib import cards, tenancy
from paidup.lib.ids import new_id
from paidup.organizations import queries as organizations
from paidup.organizations.models import Member

from .models import Todo
from .states import TodoState


class TodoRefused(Exception):
    """The to-do can't be changed so; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class NewTodo:
    """A to-do about to be added. Without an assignee the customer's billing owner gets it, and
    without a customer the default owner."""

    kind: str
    title: str
    customer_id: UUID | None = None
    subject_id: UUID | None = None
    assignee_id: UUID | None = None
    due_on: date | None = None


def add_todo(
    *,
    kind: str,
    title: str,
    by: Actor,
    at: datetime,
    customer: Customer | None = None,
    subject_id: UUID | None = None,
    assignee: Member | None = None,
    due_on: date | None = None,
) -> Todo | None:
    """Adds a to-do for the assignee, else the customer's billing owner, else the default owner.

    About one subject there is one open to-do of a kind: None when it stands already.
    Raises TodoRefused for an empty title.
    """
    new = NewTodo(
        kind=kind,
        title=title,
        customer_id=customer.id if customer else None,
        subject_id=subject_id,
        assignee_id=assignee.id if assignee else None,
        due_on=due_on,
    )
    return next(iter(add_todos([new], by=by, at=at)), None)


@transaction.atomic
def add_todos(new: Sequence[NewTodo], *, by: Actor, at: datetime) -> list[Todo]:
    """Adds many at once; returns those that did not stand already."""
    if not new:
        return []
    organization_id = tenancy.current()
    owners = _owners({one.customer_id for one in new if one.customer_id})
    default_owner = organizations.default_owner(organization_id)
    todos = [
        _todo(one, one.assignee_id or owners.get(one.customer_id, default_owner.id), at)
        for one in new
    ]
    Todo.objects.bulk_create(todos, batch_size=2000, ignore_conflicts=True)
    ids = [todo.id for todo in todos]
    kept = set(Todo.objects.of(organization_id).filter(id__in=ids).values_list("id", flat=True))
    added = [todo for todo in todos if todo.id in kept]
    _record("todo.added", added, by=by, at=at)
    return added


@transaction.atomic
def finish_todo(*, todo: Todo, by: Actor, at: datetime) -> None:
    """Ticks a to-do off. Done already is quietly done."""
    _finish([todo], by=by, at=at)


@transaction.atomic
def finish_todos_about(*, kind: str, subject_ids: Iterable[UUID], by: Actor, at: datetime) -> None:
    """Ticks off what has settled itself, such as an approval that was given."""
    todos = Todo.objects.of(tenancy.current()).open()
    _finish(todos.filter(kind=kind, subject_id__in=list(subject_ids)), by=by, at=at)


@transaction.atomic
def reopen_todo(*, todo: Todo, by: Actor, at: datetime) -> None:
    """Puts a to-do that was ticked off back into its assignee's queue.

    Raises TodoRefused when another of its kind about the same thing has been opened since.
    """
    organization_id = tenancy.current()
    todo = Todo.objects.of(organization_id).select_for_update().get(id=todo.id)
    if todo.state == TodoState.OPEN:
        return
    if todo.subject_id and Todo.objects.of(organization_id).open().about(
        todo.kind, todo.subject_id
    ):
        raise TodoRefused(_("A newer to-do about the same thing is open already; use that one."))
    todo.state, todo.done_at = TodoState.OPEN, None
    todo.save(update_fields=["state", "done_at"])
    _record("todo.reopened", [todo], by=by, at=at)


@transaction.atomic
def snooze_todo(*, todo: Todo, until: date, on: date, by: Actor, at: datetime) -> None:
    """Hides an open to-do from the queue until a day. Raises TodoRefused for a day not to come."""
    if until <= on:
        raise TodoRefused(_("Choose a day after today to snooze until."))
    _change(todo, "todo.snoozed", {"snoozed_until": until}, by=by, at=at)


@transaction.atomic
def assign_todo(*, todo: Todo, assignee: Member, by: Actor, at: datetime) -> None:
    """Hands an open to-do to a colleague. Raises TodoRefused for one who has left."""
    if not assignee.active:
        raise TodoRefused(
            _("%s is no active member any more; choose another person.") % assignee.name
        )
    _change(todo, "todo.assigned", {"assignee": assignee}, by=by, at=at)


def merge(*, source: Customer, target: Customer, by: Actor, at: datetime) -> None:
    """Gives the source's to-dos to the target. Of two open ones of a kind about the customers
    themselves the target's stays, the source's is ticked off."""
    todos = Todo.objects.of(source.organization_id)
    standing = todos.open().filter(subject_id=target.id).values("kind")
    _finish(list(todos.open().filter(subject_id=source.id, kind__in=standing)), by=by, at=at)
    todos.filter(subject_id=source.id).update(subject_id=target.id)
    todos.filter(customer=source).update(customer=target)


def erase(*, customer: Customer, subject_ids: Collection[UUID]) -> set[UUID]:
    """Erases the customer's to-dos, and those about what else goes with it; gives their ids."""
    rows = Todo.objects.of(customer.organization_id)
    doomed = rows.filter(Q(customer=customer) | Q(subject_id__in=[customer.id, *subject_ids]))
    ids = set(doomed.values_list("id", flat=True))
    doomed.delete()
    return ids


def _owners(customer_ids: set[UUID]) -> dict[UUID | None, UUID]:
    customers = Customer.objects.of(tenancy.current()).filter(id__in=customer_ids)
    return dict(customers.values_list("id", "billing_owner_id"))


def _todo(new: NewTodo, assignee_id: UUID, at: datetime) -> Todo:
    title = " ".join(new.title.split())
    if not title:
        raise TodoRefused(_("Say what is to be done."))
    return Todo(
        id=new_id(),
        organization_id=tenancy.current(),
        customer_id=new.customer_id,
        kind=new.kind,
        subject_id=new.subject_id,
        title=cards.masked(title)[:300],
        assignee_id=assignee_id,
        due_on=new.due_on,
        created_at=at,
    )


def _finish(todos: Iterable[Todo], *, by: Actor, at: datetime) -> None:
    rows = Todo.objects.of(tenancy.current()).open()
    open_ones = list(rows.filter(id__in=[todo.id for todo in todos]).select_for_update())
    rows.filter(id__in=[todo.id for todo in open_ones]).update(state=TodoState.DONE, done_at=at)
    _record("todo.done", open_ones, by=by, at=at)


def _change(
    todo: Todo, event: str, values: dict[str, Member | date], *, by: Actor, at: datetime
) -> None:
    rows = Todo.objects.of(tenancy.current()).open().filter(id=todo.id)
    if not rows.update(**values):
        raise TodoRefused(_("This to-do is done already; reopen it first."))
    data = {
        name: str(value.id) if isinstance(value, Member) else value.isoformat()
        for name, value in values.items()
    }
    history.record(
        event,
        by=by,
        at=at,
        customer_id=todo.customer_id,
        subject_id=todo.id,
        data={"kind": todo.kind, **data},
    )


def _record(event: str, todos: Sequence[Todo], *, by: Actor, at: datetime) -> None:
    history.record_all(
        (
            Happening(
                kind=event,
                customer_id=todo.customer_id,
                subject_id=todo.id,
                data={"kind": todo.kind},
                personal={"title": todo.title},
            )
            for todo in todos
        ),
        by=by,
        at=at,
    )

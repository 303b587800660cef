"""Reading to-dos."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from paidup.lib import tenancy

from .models import Todo

PAGE = 50


@dataclass(frozen=True)
class Load:
    """How much waits for a person."""

    open: int
    overdue: int
    snoozed: int


def queue_of(
    member_id: UUID, *, on: date, snoozed: bool = False, start: int = 0, limit: int = PAGE
) -> list[Todo]:
    """A member's open to-dos, the most urgent first: those of the day, or those put off."""
    todos = Todo.objects.visible(tenancy.current()).of_member(member_id)
    todos = todos.asleep(on) if snoozed else todos.awake(on)
    return list(todos.most_urgent_first().select_related("customer")[start : start + limit])


def load_of(member_id: UUID, *, on: date) -> Load:
    """How many to-dos wait for a member."""
    todos = Todo.objects.visible(tenancy.current()).of_member(member_id)
    awake = todos.awake(on)
    return Load(
        open=awake.count(),
        overdue=awake.filter(due_on__lt=on).count(),
        snoozed=todos.asleep(on).count(),
    )


def of_customer(customer_id: UUID, *, done: bool = False, limit: int = PAGE) -> list[Todo]:
    """A customer's to-dos, open ones by urgency, or those done, the latest first."""
    todos = Todo.objects.visible(tenancy.current()).filter(customer_id=customer_id)
    if done:
        todos = todos.exclude(done_at=None).order_by("-done_at", "-id")
    else:
        todos = todos.open().most_urgent_first()
    return list(todos.select_related("assignee")[:limit])

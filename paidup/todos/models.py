"""To-dos. What one is about is an id of any room above, named by the to-do's kind."""

from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.customers.models import Customer
from paidup.customers.visibility import VisibleQuerySet, seen_customers
from paidup.lib import tenancy
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Member, TenantModel

from .states import TodoState


class TodoQuerySet(VisibleQuerySet["Todo"]):
    def seen(self) -> Self:
        """Those of customers that are seen, and one's own about none."""
        seen = seen_customers()
        if seen is None:
            return self
        own = models.Q(customer=None, assignee=tenancy.limited_to())
        return self.filter(models.Q(customer__in=seen) | own)

    def open(self) -> Self:
        return self.filter(state=TodoState.OPEN)

    def awake(self, on: date) -> Self:
        """Open, and not put off past this day."""
        return self.open().exclude(snoozed_until__gt=on)

    def asleep(self, on: date) -> Self:
        """Open, and put off past this day."""
        return self.open().filter(snoozed_until__gt=on)

    def of_member(self, member_id: UUID) -> Self:
        return self.filter(assignee_id=member_id)

    def about(self, kind: str, subject_id: UUID) -> Self:
        return self.filter(kind=kind, subject_id=subject_id)

    def most_urgent_first(self) -> Self:
        """By due day, those without one last; of one day the oldest first."""
        return self.order_by(models.F("due_on").asc(nulls_last=True), "created_at", "id")


class Todo(TenantModel):
    """Something a person has to look at."""

    customer = TenantForeignKey(Customer, null=True)
    kind = models.CharField(max_length=40)  # "message_approval": says what subject_id is the id of
    subject_id = models.UUIDField(null=True)  # of another room, so without a foreign key
    title = models.CharField(_("to-do"), max_length=300)
    assignee = TenantForeignKey(Member)
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=TodoState, default=TodoState.OPEN)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    objects = TodoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "subject_id"],
                condition=models.Q(state="open", subject_id__isnull=False),
                name="one_open_todo_per_subject",
            ),
            models.CheckConstraint(
                name="todo_done_at",
                condition=models.Q(state="open", done_at=None)
                | models.Q(state="done", done_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "assignee", "due_on"],
                condition=models.Q(state="open"),
                name="open_todos_of_member",
            ),
            models.Index(
                fields=["organization", "customer", "-created_at"], name="todos_of_customer"
            ),
        ]

    def __str__(self) -> str:
        return self.title

"""Saved methods of a kind that invoices may not be paid with: not charged, and people are told."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.payments.models import PaymentMethod
from paidup.todos import operations as todos
from paidup.todos.models import Todo
from paidup.todos.operations import NewTodo

KIND = "autopay_barred"
ASK_AGAIN = timedelta(weeks=1)


def ask_for_other_methods(
    method_ids: Collection[UUID], *, on: date, by: Actor, at: datetime
) -> None:
    """Asks the billing owner of each method's customer to get another one, or to allow this one.

    Every tick may ask: there is one such to-do of a method until it is done, and none again within
    a week of it, whatever slot or retry is barred then.
    """
    asked = Todo.objects.of(tenancy.current()).filter(
        kind=KIND, subject_id__in=method_ids, due_on__gt=on - ASK_AGAIN
    )
    methods = PaymentMethod.objects.of(tenancy.current()).filter(
        id__in={*method_ids} - {*asked.values_list("subject_id", flat=True)}
    )
    todos.add_todos(
        [
            NewTodo(
                kind=KIND,
                title=_("Not charged: invoices may not be paid by %(kind)s (%(method)s)")
                % {"kind": method.get_kind_display(), "method": method},
                customer_id=method.customer_id,
                subject_id=method.id,
                due_on=on,
            )
            for method in methods
        ],
        by=by,
        at=at,
    )

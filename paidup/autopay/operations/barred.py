"""Saved methods of a kind that invoices may not be paid with: not charged, and people are told."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.payments.models import PaymentMethod
from paidup.todos import operations as todos
from paidup.todos.operations import NewTodo


def ask_for_other_methods(
    method_ids: Collection[UUID], *, on: date, by: Actor, at: datetime
) -> None:
    """Asks the billing owner of each method's customer to get another one, or to allow this one.

    There is one such to-do of a method until it is done.
    """
    methods = PaymentMethod.objects.of(tenancy.current()).filter(id__in=method_ids)
    todos.add_todos(
        [
            NewTodo(
                kind="autopay_barred",
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

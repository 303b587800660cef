"""What waits for the gateway so long that its job may have given up: charges, refunds, erasures."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.history.actors import Actor
from paidup.lib import jobs, tenancy
from paidup.lib.formatting import money
from paidup.payments.models import ErasedMethod, Intent, Refund
from paidup.payments.states import IntentState, RefundState
from paidup.todos import operations as todos
from paidup.todos.models import Todo
from paidup.todos.operations import NewTodo

from .charge import ASK_TIMES
from .claim import ask_later

# The to-dos' kinds; the subject is what waits.
CHARGE, REFUND, ERASURE = "charge_stuck", "refund_stuck", "erasure_stuck"
STUCK_AFTER = timedelta(hours=6)


def chase_stuck(*, on: date, by: Actor, at: datetime) -> None:
    """Has the gateway asked again about what has waited for hours, and tells a person once.

    The to-dos of what has been answered since are done.
    """
    organization_id = tenancy.current()
    intents = Intent.objects.of(organization_id).filter(
        state__in=[IntentState.PENDING, IntentState.UNKNOWN]
    )
    refunds = Refund.objects.of(organization_id).filter(state=RefundState.PENDING)
    _finish(CHARGE, set(intents.values_list("id", flat=True)), by=by, at=at)
    _finish(REFUND, set(refunds.values_list("id", flat=True)), by=by, at=at)
    erasures = ErasedMethod.objects.of(organization_id)
    _finish(ERASURE, set(erasures.values_list("id", flat=True)), by=by, at=at)
    told = []
    for intent in intents.filter(created_at__lt=at - STUCK_AFTER):
        ask_later(intent, at=at, time=ASK_TIMES)
        told.append(
            NewTodo(
                kind=CHARGE,
                title=_(
                    "The gateway hasn't answered about a charge of %(amount)s to %(method)s; "
                    "look there what became of it."
                )
                % {
                    "amount": money(intent.amount, intent.currency),
                    "method": intent.method_label,
                },
                customer_id=intent.customer_id,
                subject_id=intent.id,
                due_on=on,
            )
        )
    for refund in refunds.filter(recorded_at__lt=at - STUCK_AFTER).select_related("payment"):
        _send_again(refund)
        told.append(
            NewTodo(
                kind=REFUND,
                title=_(
                    "The gateway hasn't answered about a refund of %s; "
                    "look there whether it was made."
                )
                % money(refund.amount, refund.payment.currency),
                customer_id=refund.payment.customer_id,
                subject_id=refund.id,
                due_on=on,
            )
        )
    for erased in erasures.filter(asked_at__lt=at - STUCK_AFTER):
        _erase_again(erased)
        told.append(
            NewTodo(
                kind=ERASURE,
                title=_(
                    "The gateway hasn't confirmed that a deleted customer's payment method is "
                    "erased; look there whether it is."
                ),
                subject_id=erased.id,
                due_on=on,
            )
        )
    _tell(told, by=by, at=at)


def _send_again(refund: Refund) -> None:
    from paidup.payments.jobs import send_refund  # noqa: PLC0415  jobs calls this package

    jobs.enqueue(
        send_refund,
        organization_id=refund.organization_id,
        queueing_lock=f"refund:{refund.id}",
        refund_id=refund.id,
    )


def _erase_again(erased: ErasedMethod) -> None:
    from paidup.payments.jobs import forget_erased  # noqa: PLC0415  jobs calls this package

    jobs.enqueue(
        forget_erased,
        organization_id=erased.organization_id,
        queueing_lock=f"forget:{erased.id}",
        erased_id=erased.id,
    )


def _finish(kind: str, waiting: Iterable[UUID], *, by: Actor, at: datetime) -> None:
    answered = Todo.objects.of(tenancy.current()).open().filter(kind=kind)
    subjects = set(answered.values_list("subject_id", flat=True)) - {None, *waiting}
    todos.finish_todos_about(kind=kind, subject_ids=filter(None, subjects), by=by, at=at)


def _tell(new: list[NewTodo], *, by: Actor, at: datetime) -> None:
    """Also what a person has ticked off is not told again."""
    told = Todo.objects.of(tenancy.current()).filter(kind__in=[CHARGE, REFUND, ERASURE])
    known = set(
        told.filter(subject_id__in=[one.subject_id for one in new]).values_list(
            "subject_id", flat=True
        )
    )
    todos.add_todos([one for one in new if one.subject_id not in known], by=by, at=at)

"""The cadences with their steps, and what they would do on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from paidup.cadences import queries
from paidup.cadences.planning import Group
from paidup.cadences.planning.plans import Count
from paidup.cadences.queries import NotSent, StepView
from paidup.cadences.states import Reason
from paidup.communications.models import Message
from paidup.communications.queries import delivery_hours
from paidup.communications.states import Purpose
from paidup.communications.variables import fill, variables
from paidup.organizations.states import Module, SendingMode
from paidup.web.access import EDIT, VIEW, StaffRequest, may

from .wording import day_asked, when

SHOWN = 50  # messages, and invoices without one, on a page


@dataclass(frozen=True)
class StepLine:
    """A step of a cadence in words: when it comes, what its mail is called, and what came of it."""

    when: str
    subject: str
    view: StepView


@dataclass(frozen=True)
class WouldSend:
    """A message of the preview, with the step whose template would speak."""

    group: Group
    step: str


@dataclass(frozen=True)
class WhyNot:
    """A reason with its invoices, by currency."""

    reason: Reason
    counts: dict[str, Count]

    @property
    def invoices(self) -> int:
        """How many invoices nobody would be reminded of for it."""
        return sum(count.invoices for count in self.counts.values())


@may(Module.CADENCES, VIEW)
@require_safe
def cadences(request: StaffRequest) -> HttpResponse:
    """Which reminders go out when, and whether they may by themselves."""
    of = request.organization
    return render(
        request,
        "web/cadences/cadences.html",
        {
            "cadences": [
                (view, [_line(step) for step in view.steps]) for view in queries.cadences(of)
            ],
            "automatic": of.sending_mode == SendingMode.AUTOMATIC,
            "stopped": of.automation_stopped,
            "hours": delivery_hours(of),
            "to_approve": Message.objects.visible(of).awaiting_approval().count(),
            "may_edit": request.member.may(Module.CADENCES, EDIT),
            "may_administer": request.member.may(Module.ACCOUNT, EDIT),
        },
    )


@may(Module.CADENCES, VIEW)
@require_safe
def preview(request: StaffRequest) -> HttpResponse:
    """What would be sent on a day, to whom, and why not for the rest. Sends nothing."""
    on = day_asked(request)
    reason = _reason(request.GET.get("reason", ""))
    start = _number(request.GET.get("start", ""))
    found = queries.preview(
        request.organization,
        on=on,
        reason=reason,
        after=_place(request.GET.get("after", "")),
        limit=SHOWN + 1,
    )
    messages = found.plan.will_send[start : start + SHOWN]
    return render(
        request,
        "web/cadences/preview.html",
        {
            "on": on,
            "today": request.on,
            "plan": found.plan,
            "automatic": found.sending_mode == SendingMode.AUTOMATIC,
            "messages_to_send": [WouldSend(group, when(group.step_days)) for group in messages],
            "number_of_messages": len(found.plan.will_send),
            "first": start + 1,
            "last": start + len(messages),
            "next_start": start + SHOWN if start + SHOWN < len(found.plan.will_send) else None,
            "previous_start": max(start - SHOWN, 0) if start else None,
            "why_not": [WhyNot(*one) for one in found.plan.not_sent.items()],
            "reason": reason,
            **_rest(found.not_sent),
        },
    )


def _line(view: StepView) -> StepLine:
    samples = {one.name: str(one.example) for one in variables(Purpose.REMINDER) if not one.block}
    return StepLine(when(view.step.days), fill(view.step.template.subject, samples), view)


def _rest(rows: Sequence[NotSent]) -> dict[str, Any]:
    shown = rows[:SHOWN]
    more = len(rows) > SHOWN
    after = f"{shown[-1].invoice_id.hex}.{shown[-1].customer}" if more else ""
    return {"not_sent": shown, "next_after": after}


def _reason(text: str) -> Reason | None:
    return Reason(text) if text in Reason.values else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _place(text: str) -> tuple[str, UUID] | None:
    """Where a page of invoices begins: after this customer's name and this invoice."""
    invoice_id, dot, customer = text.partition(".")
    try:
        return (customer, UUID(hex=invoice_id)) if dot and "\0" not in customer else None
    except ValueError:
        return None

"""The queue, and one to-do with all that is needed to decide it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from paidup.cadences.states import PENDING
from paidup.communications.delivery.record import APPROVAL, FAILED, UNKNOWN
from paidup.communications.rendering import render as render_message
from paidup.communications.states import MessageState
from paidup.correspondence.gate import SETTLED
from paidup.invoicing.models import Invoice
from paidup.invoicing.operations.collection import ESCALATION
from paidup.invoicing.operations.hold import RELEASE
from paidup.late_fees.operations.take_back import NOT_TAKEN_BACK
from paidup.organizations.states import Module
from paidup.payments.operations import may_decide, proposals, stuck
from paidup.portal_access.jobs import FILES_SHARED
from paidup.todos.models import Todo
from paidup.todos.queries import load_of
from paidup.ui.middleware import shows_mail
from paidup.web.access import EDIT, VIEW, StaffRequest, may

from .selection import QUEUES, Selection, find, here, message_of, proposal_of

SHOWN = 50
ICONS = {
    APPROVAL: "mail-opened",
    FAILED: "mail-off",
    UNKNOWN: "mail-off",
    PENDING: "mail-forward",
    FILES_SHARED: "paperclip",
    SETTLED: "mail-off",
    RELEASE: "hand-stop",
    ESCALATION: "flag",
    "refund_failed": "receipt-refund",
    stuck.REFUND: "cloud-off",
    stuck.CHARGE: "cloud-off",
    proposals.APPROVAL: "discount",
    proposals.REFUSED: "ban",
    stuck.ERASURE: "cloud-off",
    NOT_TAKEN_BACK: "percentage",
    "payment_of_nobody": "arrow-back-up",
    "autopay_declined": "credit-card",
    "autopay_merged": "git-merge",
    "autopay_barred": "credit-card",
    "promise_broken": "calendar-due",
}


@may(Module.TODOS, VIEW)
@require_safe
def todos(request: StaffRequest) -> HttpResponse:
    """What waits for a person."""
    asked = Selection.asked(request)
    start = _number(request.GET.get("start", ""))
    rows = asked.rows(request).select_related("customer", "assignee")
    found = list(rows[start : start + SHOWN + 1])
    return render(
        request,
        "web/todos/list.html",
        {
            "rows": [(row, ICONS.get(row.kind, "checkbox")) for row in found[:SHOWN]],
            "queue": asked.queue,
            "queues": QUEUES,
            "q": asked.q,
            "search_label": _("To-do or customer"),
            "number": rows.count(),
            "to_approve": len(asked.to_approve(request)),
            "load": load_of(request.member.id, on=request.on),
            "on": request.on,
            "may_edit": request.member.may(Module.TODOS, EDIT),
            "newer_url": _page(request, max(start - SHOWN, 0)) if start else "",
            "older_url": _page(request, start + SHOWN) if len(found) > SHOWN else "",
        },
    )


@may(Module.TODOS, VIEW)
@require_safe
def todo(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """One to-do, in the quick panel or on a page of its own."""
    found = find(request, todo_id)
    message, proposal = message_of(found), proposal_of(found)
    return render(
        request,
        "web/todos/todo.html",
        {
            "todo": found,
            "proposal": proposal,
            "may_decide": proposal and may_decide(proposal, request.member),
            "message": message,
            "waits_for_approval": message and message.state == MessageState.AWAITING_APPROVAL,
            "can_be_sent_again": message
            and message.state in (MessageState.FAILED, MessageState.UNKNOWN),
            "reminders_wait": found.kind == PENDING,
            "invoice": _invoice(found),
            "shows_files": found.kind == FILES_SHARED,
            "next": here(request),
            "on": request.on,
            "may_edit": request.member.may(Module.TODOS, EDIT),
        },
    )


@may(Module.COMMUNICATIONS, VIEW)
@require_safe
@shows_mail
@xframe_options_sameorigin
def mail(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """The mail that a to-do is about, as its reader would get it."""
    message = message_of(find(request, todo_id))
    if message is None:
        raise Http404
    return HttpResponse(render_message(message, organization=request.organization).html)


def _invoice(found: Todo) -> Invoice | None:
    """The invoice that a to-do is about."""
    if found.kind not in {RELEASE, ESCALATION, NOT_TAKEN_BACK} or found.subject_id is None:
        return None
    return Invoice.objects.visible(found.organization_id).filter(id=found.subject_id).first()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _page(request: StaffRequest, start: int) -> str:
    asked = request.GET.copy()
    asked["start"] = str(start)
    return f"{reverse('todos', args=[request.organization.slug])}?{asked.urlencode()}"

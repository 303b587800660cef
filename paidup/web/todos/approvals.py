"""Messages that wait for a yes: approve one or all, withdraw, send again."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from paidup.communications import operations as communications
from paidup.communications.models import Message
from paidup.communications.operations import MessageRefused
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .selection import Selection, back, find, message_of

TYPED_FROM = 10  # messages, from which on their number is typed before they leave


class WithdrawalForm(forms.Form):
    """Why a message is not sent."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class ApprovalForm(forms.Form):
    """The number of messages, typed by whoever lets them go."""

    typed = forms.CharField(required=False)

    def __init__(self, *args: object, expected: str, **options: object) -> None:
        """Keep what has to be typed; nothing for a few."""
        super().__init__(*args, **options)  # type: ignore[arg-type]  # Django's own
        self.expected = expected

    def clean_typed(self) -> str:
        """Refuse another number: meanwhile more or fewer may wait."""
        typed = str(self.cleaned_data["typed"]).strip()
        if self.expected and typed != self.expected:
            raise forms.ValidationError(
                _("Type %s, the number of messages that wait now.") % self.expected
            )
        return typed


@may(Module.COMMUNICATIONS, EDIT)
@require_POST
def approve(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Lets one message go."""
    try:
        communications.approve_message(
            message=_message(request, todo_id), by=request.by, at=request.at
        )
    except MessageRefused as refusal:
        messages.error(request, str(refusal))
    return back(request)


@may(Module.COMMUNICATIONS, EDIT)
def approve_all(request: StaffRequest) -> HttpResponse:
    """Asks, then lets every message of the queue go that waits for approval."""
    waiting = Selection.asked(request).to_approve(request)
    expected = str(len(waiting)) if len(waiting) >= TYPED_FROM else ""
    form = ApprovalForm(request.POST if request.method == "POST" else None, expected=expected)
    if form.is_valid():
        number = communications.approve_messages(message_ids=waiting, by=request.by, at=request.at)
        messages.success(
            request,
            ngettext("%(number)s message leaves now.", "%(number)s messages leave now.", number)
            % {"number": number},
        )
        return redirect("todos", request.organization.slug)
    return render(
        request,
        "web/todos/approve_all.html",
        {"form": form, "number": len(waiting), "typed": expected},
        status=422 if form.is_bound else 200,
    )


@may(Module.COMMUNICATIONS, EDIT)
def withdraw(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Keeps a message from being sent, and says why."""
    message = _message(request, todo_id)
    form = WithdrawalForm(request.POST or None)
    if form.is_valid() and done(
        form,
        lambda: communications.withdraw_message(
            message=message, reason=form.cleaned_data["reason"], by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("The message is withdrawn."))
        return back(request)
    return render(
        request,
        "web/todos/withdrawal.html",
        {"form": form, "message": message},
        status=422 if form.is_bound else 200,
    )


@may(Module.COMMUNICATIONS, EDIT)
@require_POST
def send_again(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Queues a message anew that failed, or may not have arrived."""
    try:
        communications.send_again(message=_message(request, todo_id), by=request.by, at=request.at)
        messages.success(request, _("The message leaves once more."))
    except MessageRefused as refusal:
        messages.error(request, str(refusal))
    return back(request)


def _message(request: StaffRequest, todo_id: UUID) -> Message:
    """The message that a to-do is about, or 404."""
    message = message_of(find(request, todo_id))
    if message is None:
        raise Http404
    return message

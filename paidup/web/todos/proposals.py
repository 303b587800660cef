"""Credits and refunds over somebody's limit: grant them, or refuse and say why."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paidup.organizations.states import Module
from paidup.payments import operations as payments
from paidup.payments.models import Proposal
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import REFUSALS, done

from .selection import back, find, proposal_of


class RefusalForm(forms.Form):
    """Why it is refused."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


@may(Module.PAYMENTS, EDIT)
@require_POST
def grant(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Has the credit or refund done."""
    proposal = _proposal(request, todo_id)
    try:
        payments.grant_proposal(proposal=proposal, on=request.on, by=request.by, at=request.at)
        messages.success(request, _("Granted and done."))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return back(request)


@may(Module.PAYMENTS, EDIT)
def refusal(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Leaves it undone, and tells who asked."""
    proposal = _proposal(request, todo_id)
    form = RefusalForm(request.POST or None)
    if form.is_valid() and done(
        form,
        lambda: payments.refuse_proposal(
            proposal=proposal, reason=form.cleaned_data["reason"], by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("Refused; %s is told.") % proposal.asked_by.name)
        return back(request)
    return render(
        request,
        "web/todos/refusal.html",
        {"form": form, "proposal": proposal},
        status=422 if form.is_bound else 200,
    )


def _proposal(request: StaffRequest, todo_id: UUID) -> Proposal:
    """The credit or refund that a to-do asks to decide, or 404."""
    proposal = proposal_of(find(request, todo_id))
    if proposal is None:
        raise Http404
    return proposal

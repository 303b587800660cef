"""Inviting people to become members, and the invitations that wait."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from paidup.organizations import invitations
from paidup.organizations.models import Invitation, Role
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .forms import InvitationForm
from .roles import roles_of


@dataclass(frozen=True)
class InvitationLine:
    """An invitation that waits, or waited until it expired."""

    invitation: Invitation
    expired: bool
    may_change: bool  # whoever looks: nobody gives or takes more than they have


def invitation_lines(request: StaffRequest) -> list[InvitationLine]:
    """Those that weren't accepted, the latest first."""
    rows = Invitation.objects.of(request.organization).select_related("role", "invited_by")
    return [
        InvitationLine(row, row.expires_at <= request.at, row.role.within(request.member.role))
        for row in rows.order_by("-invited_at", "id")
    ]


@may(Module.ACCOUNT, EDIT)
def invitation(request: StaffRequest) -> HttpResponse:
    """Invites somebody by mail, with a role that allows no more than one's own."""
    form = InvitationForm(request.POST or None, roles=_givable(request))
    if form.is_valid() and done(
        form,
        lambda: invitations.invite(**form.cleaned_data, inviter=request.member, at=request.at),
    ):
        messages.success(request, _("%s is invited.") % form.cleaned_data["email"])
        return _back(request)
    return _form(request, form, "web/account/invitation.html")


@may(Module.ACCOUNT, EDIT)
def renewal(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Sends an invitation again, after a question: the link sent before opens nothing any more."""
    found = _find(request, invitation_id)
    form = _question(request)
    if form.is_valid() and done(
        form,
        lambda: invitations.send_again(invitation=found, inviter=request.member, at=request.at),
    ):
        messages.success(request, _("The invitation is sent again."))
        return _back(request)
    return _form(request, form, "web/account/invitation_renewal.html", found)


@may(Module.ACCOUNT, EDIT)
def revocation(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Takes an invitation back, after a question."""
    found = _find(request, invitation_id)
    form = _question(request)
    if form.is_valid() and done(
        form,
        lambda: invitations.revoke(invitation=found, by=request.member, at=request.at),
    ):
        messages.success(request, _("The invitation is revoked."))
        return _back(request)
    return _form(request, form, "web/account/invitation_revocation.html", found)


def _givable(request: StaffRequest) -> list[Role]:
    own = request.member.role
    return [role for role in roles_of(request.organization) if role.within(own)]


def _find(request: StaffRequest, invitation_id: UUID) -> Invitation:
    rows = Invitation.objects.of(request.organization).select_related("role")
    return get_object_or_404(rows, id=invitation_id)


def _question(request: StaffRequest) -> forms.Form:
    return forms.Form(request.POST if request.method == "POST" else None)


def _url(request: StaffRequest) -> str:
    return reverse("account", args=[request.organization.slug], query={"tab": "members"})


def _back(request: StaffRequest) -> HttpResponse:
    return redirect(_url(request))


def _form(
    request: StaffRequest, form: forms.Form, template: str, invitation: Invitation | None = None
) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "cancel_url": _url(request), "invitation": invitation},
        status=422 if form.is_bound else 200,
    )

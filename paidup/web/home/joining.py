"""Where the link of an invitation leads: who invites to what, and accepting it.

Looking changes nothing, since mail scanners look too. Whatever is wrong with a link, the answer is
the same.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import wraps
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations import invitations
from paidup.organizations.models import Invitation, User
from paidup.ui.limits import Limit
from paidup.web.acting import done

VIEWS_OF_ADDRESS = Limit("invitations-address", 60, 60)  # whole offices share one


class InvitedRequest(HttpRequest):
    """A request of somebody who holds an invitation, within its organization's scope."""

    invitation: Invitation
    at: datetime


class Way(StrEnum):
    """How whoever looks may accept."""

    PASSWORD = "password"  # noqa: S105  a new person, who chooses one
    SIGN_IN = "sign_in"  # somebody with an account
    ACCEPT = "accept"  # signed in with it
    SOMEBODY_ELSE = "somebody_else"  # signed in with another one


class PasswordForm(forms.Form):
    """A password of one's own."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
        help_text=_("At least 12 characters; not your address, and none that many people use."),
    )


def invited(view: Callable[[InvitedRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """For a page that an invitation opens."""

    @wraps(view)
    def guarded(request: Any, token: str) -> HttpResponse:
        if VIEWS_OF_ADDRESS.is_over(request.META["REMOTE_ADDR"]):
            return _refused(request, "too_often", HTTPStatus.TOO_MANY_REQUESTS)
        found = invitations.found_by(token)
        if found is None:
            return _refused(request, "gone", HTTPStatus.NOT_FOUND)
        organization_id, invitation_id = found
        with tenant(organization_id):
            request.at = clock.now()
            opened = invitations.open_invitation(invitation_id, at=request.at)
            if opened is None:
                return _refused(request, "gone", HTTPStatus.NOT_FOUND)
            request.invitation = opened
            with timezone.override(opened.organization.timezone):
                return view(request)

    guarded.access = "link"  # type: ignore[attr-defined]  # read by the test of the URLs
    return never_cache(guarded)


@invited
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: InvitedRequest) -> HttpResponse:
    """Says who invites to what; a new person chooses a password, a known one signs in first."""
    way = _way(request)
    if way == Way.SIGN_IN and request.method == "POST":
        return redirect_to_login(request.get_full_path())
    given = request.POST if request.method == "POST" else None
    form = PasswordForm(given) if way == Way.PASSWORD else forms.Form(given)
    if form.is_valid() and done(form, lambda: _accept(request, form)):
        return redirect("home", request.invitation.organization.slug)
    return render(
        request,
        "web/home/invitation.html",
        {"form": form, "way": way, "invitation": request.invitation},
        status=422 if form.is_bound else 200,
    )


def _way(request: InvitedRequest) -> Way:
    invited_address = request.invitation.email
    if isinstance(request.user, User):
        own = request.user.email.lower() == invited_address
        return Way.ACCEPT if own else Way.SOMEBODY_ELSE
    known = User.objects.filter(email=invited_address).exists()
    return Way.SIGN_IN if known else Way.PASSWORD


def _accept(request: InvitedRequest, form: forms.Form) -> None:
    invited_to = request.invitation.id
    if isinstance(request.user, User):
        invitations.join(invitation_id=invited_to, user=request.user, at=request.at)
        return
    member = invitations.join_anew(
        invitation_id=invited_to, password=form.cleaned_data["password"], at=request.at
    )
    login(request, member.user, backend=settings.AUTHENTICATION_BACKENDS[0])


def _refused(request: HttpRequest, why: str, status: HTTPStatus) -> HttpResponse:
    return render(request, f"web/home/invitation_{why}.html", status=status)

"""The ways into the portal: an invitation, signing in, asking for access or for a new password.

No answer tells whether an address is known here.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paidup.portal_access import operations as portal_access
from paidup.portal_access import queries
from paidup.portal_access.operations import PortalRefused
from paidup.portal_access.states import TicketPurpose
from paidup.ui.limits import Limit

from .access import COOKIE, VisitorRequest, let_in, too_often, visitor
from .entering_forms import AddressForm, PasswordForm, SignInForm
from .limits import (
    REQUESTS_OF_ADDRESS,
    REQUESTS_OF_PERSON,
    SIGN_INS_OF_ADDRESS,
    SIGN_INS_OF_PERSON,
    VIEWS_OF_ADDRESS,
)

_asked = require_http_methods(["GET", "HEAD", "POST"])


@visitor
@_asked
def sign_in(request: VisitorRequest) -> HttpResponse:
    """Asks for address and password; whoever is signed in is led inside."""
    if queries.session_of(request.COOKIES.get(COOKIE, ""), at=request.at):
        return redirect("portal")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        address = form.cleaned_data["address"]
        if limit := _used_up(request, address, SIGN_INS_OF_ADDRESS, SIGN_INS_OF_PERSON):
            return too_often(request, limit)
        secret = portal_access.sign_in(
            address=address, password=form.cleaned_data["password"], at=request.at
        )
        if secret:
            return let_in(request, secret)
        form.add_error(
            None, _("This address and password don't belong together, or have no access here.")
        )
    return _page(request, "portal/sign_in.html", form)


@visitor
@_asked
def access_request(request: VisitorRequest) -> HttpResponse:
    """Request Access: whoever is a contact and not switched off gets a mail."""
    return _request(request, "portal/access_request.html", only_logins=False)


@visitor
@_asked
def password_request(request: VisitorRequest) -> HttpResponse:
    """Whoever signs in here gets the way to a new password by mail."""
    return _request(request, "portal/password_request.html", only_logins=True)


@visitor
@_asked
def invitation(request: VisitorRequest, token: str) -> HttpResponse:
    """Greets by name and asks for a password of one's own."""
    return _with_ticket(
        request, token, TicketPurpose.INVITATION, "portal/invitation.html", portal_access.accept
    )


@visitor
@_asked
def password(request: VisitorRequest, token: str) -> HttpResponse:
    """Asks for another password."""
    return _with_ticket(
        request,
        token,
        TicketPurpose.PASSWORD,
        "portal/password.html",
        portal_access.choose_password,
    )


def _request(request: VisitorRequest, template: str, *, only_logins: bool) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if form.is_valid():
        address = form.cleaned_data["address"]
        if limit := _used_up(request, address, REQUESTS_OF_ADDRESS, REQUESTS_OF_PERSON):
            return too_often(request, limit)
        portal_access.request_access(address=address, only_logins=only_logins)
        return _page(request, template, form, asked=True)
    return _page(request, template, form)


def _with_ticket(
    request: VisitorRequest,
    token: str,
    purpose: TicketPurpose,
    template: str,
    use: Callable[..., str],
) -> HttpResponse:
    if VIEWS_OF_ADDRESS.is_over(request.META["REMOTE_ADDR"]):
        return too_often(request, VIEWS_OF_ADDRESS)
    ticket = queries.open_ticket(token, purpose, at=request.at)
    if ticket is None:
        raise Http404
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            secret = use(token=token, password=form.cleaned_data["password"], at=request.at)
        except PortalRefused as refusal:
            form.add_error("password", str(refusal))
        else:
            return let_in(request, secret)
    return _page(request, template, form, contact=ticket.contact)


def _used_up(
    request: VisitorRequest, address: str, of_address: Limit, of_person: Limit
) -> Limit | None:
    """The limit that is used up, of this network address or of this person, known or not."""
    if of_address.is_over(request.META["REMOTE_ADDR"]):
        return of_address
    person = f"{request.organization.id}:{address.strip().lower()}"
    return of_person if of_person.is_over(person) else None


def _page(request: VisitorRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    context |= {"form": form, "organization": request.organization}
    return render(request, template, context, status=status)

"""Who may open a page at an organization's host: whoever holds a pay link or a payment method link,
whoever is signed in there, and for the pages that lead in, everybody."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from paidup.customers.models import Contact, Customer
from paidup.history import actors
from paidup.history.actors import Actor
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.models import DirectoryKind, Organization
from paidup.organizations.queries import organization_at, organization_by_slug
from paidup.payments import links
from paidup.payments.links import Link
from paidup.payments.models import MethodLink, PayLink
from paidup.portal_access.queries import customers_open_to, session_of
from paidup.ui.limits import Limit
from paidup.ui.middleware import PortalRequest

from .limits import (
    PAYMENTS_OF_ADDRESS,
    PAYMENTS_OF_LINK,
    VIEWS_OF_ADDRESS,
    VIEWS_OF_LINK,
)

P = ParamSpec("P")


class LinkRequest(PortalRequest):
    """A request of somebody who holds a link."""

    organization: Organization
    token: str
    by: Actor
    at: datetime
    on: date  # the organization's day


class PayRequest(LinkRequest):
    """A request of somebody who holds a pay link."""

    link: PayLink


class MethodRequest(LinkRequest):
    """A request of somebody who holds a payment method link."""

    link: MethodLink


class VisitorRequest(PortalRequest):
    """A request of somebody who is not signed in, or not yet."""

    organization: Organization
    at: datetime
    on: date  # the organization's day


class InsideRequest(VisitorRequest):
    """A request of a contact who is signed in."""

    session_id: UUID
    contact: Contact
    customers: list[Customer]  # open to this person, by name
    by: Actor


COOKIE = "paidup_portal"
VisitorView = Callable[Concatenate[VisitorRequest, P], HttpResponse]
InsideView = Callable[Concatenate[InsideRequest, P], HttpResponseBase]
PayView = Callable[Concatenate[PayRequest, P], HttpResponse]
MethodView = Callable[Concatenate[MethodRequest, P], HttpResponse]
View = Callable[..., HttpResponse]

# How a link is reached: what leads to its organization, and what is read with it.
_REACHED: dict[type[Link], tuple[DirectoryKind, tuple[str, ...]]] = {
    PayLink: (DirectoryKind.PAY_LINK, ("organization", "customer__entity", "invoice__entity")),
    MethodLink: (DirectoryKind.METHOD_LINK, ("organization", "customer__entity")),
}


def everyone(view: View) -> View:
    """For a page that shows nothing of any organization."""
    view.access = "everyone"  # type: ignore[attr-defined]  # read by the test of the URLs
    return view


def link_holder(view: PayView[P]) -> View:
    """For a page that a pay link opens, within its organization's scope."""
    return _guarded(_within_scope(view), PayLink, VIEWS_OF_ADDRESS, VIEWS_OF_LINK)


def paying_link_holder(view: PayView[P]) -> View:
    """For a payment: the view opens scopes itself, since it calls the gateway between them."""
    return _guarded(view, PayLink, PAYMENTS_OF_ADDRESS, PAYMENTS_OF_LINK)


def method_link_holder(view: MethodView[P]) -> View:
    """For a page that a payment method link opens, within its organization's scope."""
    return _guarded(_within_scope(view), MethodLink, VIEWS_OF_ADDRESS, VIEWS_OF_LINK)


def saving_link_holder(view: MethodView[P]) -> View:
    """For a method to be saved, which tries a card as a payment does: the view opens scopes itself,
    since it calls the gateway between them."""
    return _guarded(view, MethodLink, PAYMENTS_OF_ADDRESS, PAYMENTS_OF_LINK)


def visitor(view: VisitorView[P]) -> View:
    """For a page that leads in, at the organization's host; nothing of any customer is shown."""

    @wraps(view)
    def within_scope(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        organization_id = _organization_at(request)
        with tenant(organization_id):
            _welcome(request, Organization.objects.get(id=organization_id))
            with timezone.override(request.organization.timezone):
                return view(request, *args, **kwargs)

    within_scope.access = "visitor"  # type: ignore[attr-defined]  # read by the test of the URLs
    return never_cache(within_scope)


def signed_in(view: InsideView[P]) -> Callable[..., HttpResponseBase]:
    """For a page of the portal: whoever is signed in here, and the customers open to this person.
    Everything that a view shows is fetched through these."""

    @wraps(view)
    def within_scope(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        organization_id = _organization_at(request)
        with tenant(organization_id):
            session = session_of(request.COOKIES.get(COOKIE, ""), at=clock.now())
            if session is None:
                return redirect("portal_sign_in")
            _welcome(request, Organization.objects.get(id=organization_id))
            request.session_id = session.id
            request.contact = session.login.contact
            request.customers = customers_open_to(request.contact)
            request.by = actors.contact(request.contact.id)
            with timezone.override(request.organization.timezone):
                return view(request, *args, **kwargs)

    within_scope.access = "portal login"  # type: ignore[attr-defined]  # read by the test of the URLs
    return never_cache(within_scope)


def let_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Leads inside, and has the browser keep the session's secret, at this host only."""
    rotate_token(request)
    response = redirect("portal")
    response.set_cookie(
        COOKIE, secret, httponly=True, secure=settings.SECURE, samesite="Lax", path="/"
    )
    return response


def _organization_at(request: PortalRequest) -> UUID:
    found = organization_by_slug(request.portal_slug)
    if found is None:
        raise Http404
    return found


def _welcome(request: Any, organization: Organization) -> None:
    request.organization = organization
    request.at = clock.now()
    request.on = organization.day(request.at)


def _within_scope(view: View) -> View:
    @wraps(view)
    def within_scope(request: LinkRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with tenant(request.organization.id):
            return view(request, *args, **kwargs)

    return within_scope


def _guarded(view: View, kind: type[Link], of_address: Limit, of_link: Limit) -> View:
    @wraps(view)
    def guarded(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if of_address.is_over(request.META["REMOTE_ADDR"]):
            return too_often(request, of_address)
        link = _link(request, token, kind)
        if of_link.is_over(link.id.hex):
            return too_often(request, of_link)
        request.link = link
        request.token = token
        request.organization = link.organization
        request.by = actors.contact(None)
        request.at = clock.now()
        request.on = link.organization.day(request.at)
        with timezone.override(link.organization.timezone):
            return view(request, *args, **kwargs)

    guarded.access = "link"  # type: ignore[attr-defined]  # read by the test of the URLs
    return never_cache(guarded)


def _link(request: PortalRequest, token: str, kind: type[Link]) -> Link:
    """The link of a token. Raises Http404 alike for one that is unknown, revoked or foreign."""
    directory, read_with = _REACHED[kind]
    link_id = links.link_id(token, kind)
    found = link_id and organization_at(directory, link_id.hex)
    if not link_id or not found or found != organization_by_slug(request.portal_slug):
        raise Http404
    with tenant(found):
        rows: Any = kind.objects.of(found).select_related(*read_with)
        link: Link | None = rows.filter(id=link_id, revoked_at=None).first()
    if link is None:
        raise Http404
    return link


def too_often(request: HttpRequest, limit: Limit) -> HttpResponse:
    response = render(request, "portal/too_often.html", {"limit": limit}, status=429)
    response.headers["Retry-After"] = str(limit.seconds)
    return response

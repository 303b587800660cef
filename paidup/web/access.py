"""Who may open a staff page. Every view wears one of these; a test fails on one that doesn't."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from paidup.history import actors
from paidup.history.actors import Actor
from paidup.lib import clock
from paidup.lib.tenancy import limit_to, tenant
from paidup.organizations import queries as organizations
from paidup.organizations.models import Member, Organization, User
from paidup.organizations.sessions import note_seen
from paidup.organizations.states import Level, Module

P = ParamSpec("P")

VIEW, EDIT = Level.VIEW, Level.EDIT


class StaffRequest(HttpRequest):
    """A request of a member, within the scope of the organization that its path names."""

    user: User
    htmx: HtmxDetails
    organization: Organization
    organizations: list[Organization]
    member: Member
    by: Actor
    at: datetime
    on: date  # the organization's day


class Moved(Exception):
    """The customer at this address was merged into another, whose address is asked for then."""

    def __init__(self, before: UUID, after: UUID) -> None:
        """Both ids."""
        super().__init__(before, after)
        self.before = before
        self.after = after


class Gone(Exception):
    """What is at this address was deleted, with a customer; nothing else of it may be told."""

    def __init__(self, deleted_at: datetime | None = None) -> None:
        """When the customer was; None where that is not known."""
        super().__init__(deleted_at)
        self.deleted_at = deleted_at


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
View = Callable[..., HttpResponseBase]


def everyone(view: View) -> View:
    """For a page that needs no sign-in and shows nothing of any organization."""
    view.access = "everyone"  # type: ignore[attr-defined]  # read by the test of the URLs
    return view


@dataclass(frozen=True)
class Needs:
    """What a page needs of a member's role: so much in a module, and, where it goes by account
    numbers or shows all there is of a customer, that nothing of any is kept from it."""

    module: Module
    level: Level
    whole: bool = False
    owner: bool = False  # for what can't be undone and ends what others rely on

    def are_met(self, member: Member) -> bool:
        """Whether the member's role allows it."""
        allowed = member.may(self.module, self.level, whole=self.whole)
        return allowed and (member.role.is_owner or not self.owner)


def may(
    module: Module, level: Level, *, whole: bool = False, owner: bool = False
) -> Callable[[StaffView[P]], View]:
    """For a page that needs so much of the member's role in a module."""

    def guard(view: StaffView[P]) -> View:
        return _guarded(view, Needs(module, level, whole, owner))

    return guard


def may_calling_out(module: Module, level: Level) -> Callable[[StaffView[P]], View]:
    """The same for what calls a third party, which nothing does with a transaction open: the view
    opens the tenant's scope itself, before the call and after it."""

    def guard(view: StaffView[P]) -> View:
        return _guarded(view, Needs(module, level), calls_out=True)

    return guard


def oneself(view: StaffView[P]) -> View:
    """For what is each member's own: the first page, and how they like to see things."""
    return _guarded(view, None)


def _new_address(request: StaffRequest, moved: "Moved") -> str:
    """The same page of the other; what was to be changed is looked at there first."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path().replace(str(moved.before), str(moved.after))
    return reverse("customer", args=[request.organization.slug, moved.after])


def _guarded(view: StaffView[P], needs: Needs | None, *, calls_out: bool = False) -> View:
    @wraps(view)
    def guarded(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        organization_id, others = organizations.asked_for(slug, request.user.id)
        if organization_id is None:
            raise Http404
        with ExitStack() as scope:
            scope.enter_context(tenant(organization_id))
            member = organizations.membership(organization_id, request.user.id)
            if member is None:
                # The same answer as for an organization that does not exist.
                raise Http404
            if needs and not needs.are_met(member):
                raise PermissionDenied(_("Your role does not allow this. Ask an administrator."))
            request.member = member
            request.organization = member.organization
            request.organizations = organizations.by_name([member.organization, *others])
            request.by = actors.staff(member.id)
            request.at = clock.now()
            note_seen(request.session, at=request.at)
            request.on = member.organization.day(request.at)
            if calls_out:
                scope.close()
            with timezone.override(member.organization.timezone), limit_to(member.limit):
                try:
                    return view(request, *args, **kwargs)
                except Moved as moved:
                    return redirect(_new_address(request, moved))
                except Gone as gone:
                    context = {"deleted_at": gone.deleted_at}
                    with tenant(organization_id):
                        return render(request, "web/deleted.html", context, status=HTTPStatus.GONE)

    guarded.access = "member" if needs else "oneself"  # type: ignore[attr-defined]  # read by the test of the URLs
    guarded.needs = needs  # type: ignore[attr-defined]  # likewise
    return guarded

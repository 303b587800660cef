"""Roles: what each allows, adding one's own, and who has which."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from paidup.organizations import members, roles
from paidup.organizations.models import Entity, Member, Organization, Role
from paidup.organizations.states import Level, Module, ReadyRole
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .forms import ActivityForm, MemberRoleForm, RoleForm

_READY_FIRST = list(ReadyRole)


@dataclass(frozen=True)
class RoleLine:
    """A role with who has it and what it allows, in words."""

    role: Role
    members: int
    edits: str
    views: str


def role_lines(organization: Organization) -> list[RoleLine]:
    """The ready roles, the highest first, then the organization's own by name."""
    active = Member.objects.of(organization).filter(active=True).order_by()
    counted = dict(active.values_list("role_id").annotate(Count("id")))
    return [
        RoleLine(
            role,
            counted.get(role.id, 0),
            _named(role, Level.EDIT),
            _named(role, Level.VIEW),
        )
        for role in roles_of(organization)
    ]


def roles_of(organization: Organization) -> list[Role]:
    """The roles in the order in which people choose among them."""
    return sorted(Role.objects.of(organization), key=_place)


def _place(role: Role) -> tuple[int, str]:
    ready = _READY_FIRST.index(ReadyRole(role.ready)) if role.ready else len(_READY_FIRST)
    return ready, role.name.casefold()


def _named(role: Role, level: Level) -> str:
    return ", ".join(str(module.label) for module in Module if role.level(module) == level)


@may(Module.ACCOUNT, EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """A role of the organization's own; where the address names one, filled in like that."""
    form = RoleForm(request.POST or None, like=_like(request), currency=_currency(request))
    if form.is_valid() and done(
        form, lambda: roles.add_role(details=form.details(), by=request.by, at=request.at)
    ):
        messages.success(request, _("The role is added; give it to members under Members."))
        return _back(request)
    return _form(request, form, "web/account/role.html")


@may(Module.ACCOUNT, EDIT)
def edit(request: StaffRequest, role_id: UUID) -> HttpResponse:
    """Changes what a role allows, for all who have it."""
    role = _find(request, role_id)
    form = RoleForm(request.POST or None, like=role, currency=_currency(request), name=role.name)
    if form.is_valid() and done(
        form,
        lambda: roles.edit_role(role=role, details=form.details(), by=request.by, at=request.at),
    ):
        messages.success(request, _("Saved."))
        return _back(request)
    return _form(request, form, "web/account/role.html", role=role)


@may(Module.ACCOUNT, EDIT)
def deletion(request: StaffRequest, role_id: UUID) -> HttpResponse:
    """Deletes a role that nobody has, after a question."""
    role = _find(request, role_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form, lambda: roles.delete_role(role=role, by=request.by, at=request.at)
    ):
        messages.success(request, _("The role is deleted."))
        return _back(request)
    return _form(request, form, "web/account/role_deletion.html", role=role)


@may(Module.ACCOUNT, EDIT)
def member_role(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Gives a member another role."""
    rows = Member.objects.of(request.organization).select_related("role")
    member = get_object_or_404(rows, id=member_id)
    form = MemberRoleForm(request.POST or None, member=member, roles=roles_of(request.organization))
    if form.is_valid() and done(
        form,
        lambda: roles.change_role(
            member=member, role=form.cleaned_data["role"], by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("%s has another role now.") % member.name)
        return _back(request, "members")
    return _form(request, form, "web/account/member_role.html", member=member)


@may(Module.ACCOUNT, EDIT)
def member_activity(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Shuts a member out or lets one in again, after a question; which of both the form says."""
    member = get_object_or_404(Member.objects.of(request.organization), id=member_id)
    form = ActivityForm(request.POST or None, initial={"to": "off" if member.active else "on"})
    if form.is_valid() and done(
        form,
        lambda: (members.reactivate if form.cleaned_data["to"] else members.deactivate)(
            member=member, by=request.by, at=request.at
        ),
    ):
        messages.success(
            request,
            _("%s is a member again.") % member.name
            if form.cleaned_data["to"]
            else _("%s has no access any more.") % member.name,
        )
        return _back(request, "members")
    return _form(request, form, "web/account/member_activity.html", member=member)


def _like(request: StaffRequest) -> Role | None:
    """The role that the address names, if it is one of ours."""
    try:
        named = UUID(request.GET.get("like", ""))
    except ValueError:
        return None
    return Role.objects.of(request.organization).filter(id=named).first()


def _currency(request: StaffRequest) -> str:
    """In which limits are given: that of the first entity."""
    currency: str = Entity.objects.of(request.organization).order_by("id")[0].currency
    return currency


def _find(request: StaffRequest, role_id: UUID) -> Role:
    """This organization's own role of that id, or 404: the ready ones aren't changed."""
    return get_object_or_404(Role.objects.of(request.organization).filter(ready=""), id=role_id)


def _url(request: StaffRequest, tab: str) -> str:
    return reverse("account", args=[request.organization.slug], query={"tab": tab})


def _back(request: StaffRequest, tab: str = "roles") -> HttpResponse:
    return redirect(_url(request, tab))


def _form(
    request: StaffRequest, form: forms.Form, template: str, **context: object
) -> HttpResponse:
    cancel_url = _url(request, "members" if "member" in context else "roles")
    return render(
        request,
        template,
        {"form": form, "cancel_url": cancel_url, **context},
        status=422 if form.is_bound else 200,
    )

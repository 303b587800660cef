"""The verbs of roles: making them, and giving them to members."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.history import operations as history
from paidup.history.actors import Actor, ActorKind
from paidup.lib import tenancy

from .models import Invitation, Member, Organization, Role
from .states import RESTS_ON, Level, LimitedAction, Module, ReadyRole


class RoleRefused(Exception):
    """The role can't be made, changed or given so; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class RoleDetails:
    """All that may be chosen of a role; a module not named gets no level, an action no limit."""

    name: str
    limited: bool
    levels: Mapping[Module, Level] = field(default_factory=dict)
    limits: Mapping[LimitedAction, Decimal] = field(default_factory=dict)
    limit_currency: str = ""

    def put_on(self, role: Role) -> None:
        """Sets the role's columns."""
        role.name, role.limited = " ".join(self.name.split()), self.limited
        for module in Module:
            setattr(role, module, self.levels.get(module, Level.NONE))
        for action in LimitedAction:
            setattr(role, f"{action}_limit", self.limits.get(action))
        role.limit_currency = self.limit_currency if self.limits else ""


@transaction.atomic
def add_role(*, details: RoleDetails, by: Actor, at: datetime) -> Role:
    """Adds a custom role.

    Raises RoleRefused for a name that is taken, levels that don't fit together, or a role that
    allows more than one's own.
    """
    giver = giver_of(by)
    role = Role(organization_id=tenancy.current())
    details.put_on(role)
    _refuse_misfit(role)
    refuse_more_than_own(role, giver)
    role.save(force_insert=True)
    history.record("role.added", by=by, at=at, subject_id=role.id, data=_said(role))
    return role


@transaction.atomic
def edit_role(*, role: Role, details: RoleDetails, by: Actor, at: datetime) -> None:
    """Changes a custom role for all who have it. Raises RoleRefused as `add_role` does, also for a
    ready role, one's own, and one that allows more than one's own."""
    giver = giver_of(by)
    role = Role.objects.of(role.organization_id).get(id=role.id)
    _refuse_untouchable(role, giver)
    refuse_more_than_own(role, giver)
    before = _said(role)
    details.put_on(role)
    _refuse_misfit(role)
    refuse_more_than_own(role, giver)
    after = _said(role)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        role.save()
        history.record(
            "role.edited",
            by=by,
            at=at,
            subject_id=role.id,
            data={"name": role.name, "changes": changes},
        )


@transaction.atomic
def delete_role(*, role: Role, by: Actor, at: datetime) -> None:
    """Deletes a custom role. Raises RoleRefused for a ready one, and while members have it or are
    invited with it."""
    giver = giver_of(by)
    _refuse_untouchable(role, giver)
    refuse_more_than_own(role, giver)
    holders = Member.objects.of(role.organization_id).filter(role=role).order_by("name")
    if names := ", ".join(holders.values_list("name", flat=True)[:10]):
        raise RoleRefused(
            _("Give another role first to those who have this one: %(members)s.")
            % {"members": names}
        )
    invited = Invitation.objects.of(role.organization_id).filter(role=role).order_by("email")
    if addresses := ", ".join(invited.values_list("email", flat=True)[:10]):
        raise RoleRefused(
            _("Revoke first the invitations with this role: %(addresses)s.")
            % {"addresses": addresses}
        )
    history.record("role.deleted", by=by, at=at, subject_id=role.id, data=_said(role))
    role.delete()


@transaction.atomic
def change_role(*, member: Member, role: Role, by: Actor, at: datetime) -> None:
    """Gives a member another role.

    Raises RoleRefused for one's own, for more than one's own role allows, for whom stands above
    oneself, and for the last owner.
    """
    giver = giver_of(by)
    member = Member.objects.of(member.organization_id).select_related("role").get(id=member.id)
    if member.role_id == role.id:
        return
    if giver and giver.id == member.id:
        raise RoleRefused(_("Nobody changes their own role; ask a colleague who may."))
    refuse_more_than_own(member.role, giver)
    refuse_more_than_own(role, giver)
    if member.role.is_owner and not other_owner(member):
        raise RoleRefused(_("Make somebody else an owner first: there has to be one."))
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    history.record(
        "member.role_changed",
        by=by,
        at=at,
        subject_id=member.id,
        data={"before": str(before), "after": str(role)},
    )


def giver_of(by: Actor) -> Member | None:
    """The member who gives, None for the system. Roles are given and changed one after the other,
    or two owners could each make the other none. Raises RoleRefused for who has left meanwhile."""
    organization_id = tenancy.current()
    Organization.objects.select_for_update(no_key=True).get(id=organization_id)
    if by.kind != ActorKind.STAFF or by.id is None:
        return None
    giver = Member.objects.of(organization_id).select_related("role").get(id=by.id)
    if not giver.active:
        raise RoleRefused(_("You are no member here any more."))
    return giver


def _refuse_misfit(role: Role) -> None:
    if not role.name:
        raise RoleRefused(_("Give the role a name."))
    same = Role.objects.of(role.organization_id).filter(name__iexact=role.name)
    ready = {str(one.label).casefold() for one in ReadyRole}
    if same.exclude(id=role.id).exists() or role.name.casefold() in ready:
        raise RoleRefused(_("There is a role of this name already; choose another name."))
    for module, base in RESTS_ON.items():
        if role.level(module) > Level.NONE and role.level(base) == Level.NONE:
            raise RoleRefused(
                _("%(module)s is read together with %(base)s: choose at least View there.")
                % {"module": module.label, "base": base.label}
            )


def _refuse_untouchable(role: Role, giver: Member | None) -> None:
    if role.ready:
        raise RoleRefused(_("The ready roles stay as they are; add a role of your own instead."))
    if giver and giver.role_id == role.id:
        raise RoleRefused(_("Nobody changes their own role; ask a colleague who may."))


def refuse_more_than_own(role: Role, giver: Member | None) -> None:
    """Raises RoleRefused where the role allows more than the giver's does."""
    if giver and not role.within(giver.role):
        raise RoleRefused(
            _("%(role)s allows more than your own role does; ask somebody whose role does.")
            % {"role": role}
        )


def other_owner(member: Member) -> bool:
    """Whether somebody else is an active owner."""
    others = Member.objects.of(member.organization_id).exclude(id=member.id)
    return others.filter(active=True, role__ready=ReadyRole.OWNER).exists()


def _said(role: Role) -> dict[str, Any]:
    levels = {str(module): role.level(module).name.lower() for module in Module}
    limits = {
        f"{action}_limit": None if (limit := role.limit(action)) is None else str(limit)
        for action in LimitedAction
    }
    return {
        "name": role.name,
        "limited": role.limited,
        **levels,
        **limits,
        "limit_currency": role.limit_currency,
    }

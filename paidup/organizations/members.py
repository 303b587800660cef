"""Members: what the organization's own fields hold of them, their leaving and coming back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.history import operations as history
from paidup.history.actors import Actor

from .field_values import Given, change_values
from .invitations import revoke_those_of
from .models import Member, MemberValue
from .roles import RoleRefused, giver_of, other_owner, refuse_more_than_own
from .states import ReadyRole


@transaction.atomic
def fill_in_member(*, member: Member, fields: Given, by: Actor, at: datetime) -> None:
    """Sets what custom fields hold of a member; nothing is recorded where nothing differs.

    Raises FieldRefused where a field, or a choice, was removed meanwhile.
    """
    Member.objects.of(member.organization_id).select_for_update(no_key=True).get(id=member.id)
    if filled := change_values(MemberValue, member.id, fields):
        history.record(
            "member.edited",
            by=by,
            at=at,
            subject_id=member.id,
            personal={"fields": [change.told() for change in filled]},
        )


@transaction.atomic
def deactivate(*, member: Member, by: Actor, at: datetime) -> None:
    """Shuts a member out, from the next page on, and takes back the invitations they sent. Where
    new customers came to them, these come to whoever does it.

    Raises RoleRefused for oneself, for whom stands above oneself, and for the last owner.
    """
    giver = giver_of(by)
    member = _fresh(member)
    if not member.active:
        return
    if giver and giver.id == member.id:
        raise RoleRefused(_("Nobody deactivates themselves; ask a colleague who may."))
    refuse_more_than_own(member.role, giver)
    if member.role.is_owner and not other_owner(member):
        raise RoleRefused(_("Make somebody else an owner first: there has to be one."))
    revoke_those_of(member, by=giver, at=at)
    was_default, member.active, member.default_owner = member.default_owner, False, False
    member.save(update_fields=["active", "default_owner"])
    if was_default:
        _make_default_owner(giver or _first_owner(member))
    history.record("member.deactivated", by=by, at=at, subject_id=member.id)


@transaction.atomic
def reactivate(*, member: Member, by: Actor, at: datetime) -> None:
    """Lets a member in again, with the role they had. Raises RoleRefused for whom stands above
    oneself."""
    giver = giver_of(by)
    member = _fresh(member)
    if member.active:
        return
    refuse_more_than_own(member.role, giver)
    member.active = True
    member.save(update_fields=["active"])
    history.record("member.reactivated", by=by, at=at, subject_id=member.id)


def _fresh(member: Member) -> Member:
    return Member.objects.of(member.organization_id).select_related("role").get(id=member.id)


def _first_owner(but: Member) -> Member:
    others = Member.objects.of(but.organization_id).exclude(id=but.id)
    return others.filter(active=True, role__ready=ReadyRole.OWNER).earliest("id")


def _make_default_owner(member: Member) -> None:
    member.default_owner = True
    member.save(update_fields=["default_owner"])

"""Inviting people to become members, and their accepting it.

An invitation opens by the token that its mail brings. It never changes an account that somebody has
already: whoever has one accepts signed in with it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.history import operations as history
from paidup.history.actors import staff
from paidup.lib import signed_ids, tenancy

from .models import LONGEST_MEMBER_NAME, DirectoryKind, Invitation, Member, Role, User
from .operations import add_member, deregister, register
from .queries import organization_at
from .roles import giver_of, refuse_more_than_own

LASTS = timedelta(days=7)
_SALT = "paidup.invitation"


class InvitationRefused(Exception):
    """It can't be done so; the sentence says what to do."""


def token(invitation_id: UUID) -> str:
    """The unguessable part of the address that opens an invitation."""
    return signed_ids.token(invitation_id, salt=_SALT)


def found_by(token: str) -> tuple[UUID, UUID] | None:
    """The organization and the id of the invitation that a token stands for; None unless we signed
    it and it wasn't accepted, revoked or replaced."""
    invitation_id = signed_ids.read(token, salt=_SALT)
    organization_id = invitation_id and organization_at(DirectoryKind.INVITATION, invitation_id.hex)
    return (organization_id, invitation_id) if organization_id and invitation_id else None


def open_invitation(invitation_id: UUID, *, at: datetime) -> Invitation | None:
    """The invitation, while it can be accepted; read within the organization's scope."""
    rows = Invitation.objects.of(tenancy.current()).filter(id=invitation_id, expires_at__gt=at)
    return rows.select_related("organization", "role", "invited_by").first()


@transaction.atomic
def invite(*, email: str, name: str, role: Role, inviter: Member, at: datetime) -> Invitation:
    """Invites a person to become a member with this role; the mail follows.

    Raises InvitationRefused for a bad name or address, for a member, and while another invitation
    to the address waits; RoleRefused for a role that allows more than the inviter's.
    """
    giver = giver_of(staff(inviter.id))
    address, name = email.strip().lower(), " ".join(name.split())
    _refuse_bad_person(address, name)
    refuse_more_than_own(role, giver)
    _refuse_known(address)
    invitation = _open(email=address, name=name, role=role, inviter=inviter, at=at)
    _record("member.invited", invitation, by=inviter, at=at)
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, inviter: Member, at: datetime) -> Invitation:
    """Replaces an invitation by one that lasts anew; the link that was sent opens nothing any more.

    Raises InvitationRefused where it doesn't wait any more; RoleRefused as `invite` does.
    """
    giver = giver_of(staff(inviter.id))
    before = _locked(invitation.id)
    refuse_more_than_own(before.role, giver)
    _close(before)
    again = _open(email=before.email, name=before.name, role=before.role, inviter=inviter, at=at)
    _record("member.invited_again", again, by=inviter, at=at)
    return again


@transaction.atomic
def revoke(*, invitation: Invitation, by: Member, at: datetime) -> None:
    """Takes an invitation back: its link opens nothing any more. Raises as `send_again` does."""
    giver = giver_of(staff(by.id))
    found = _locked(invitation.id)
    refuse_more_than_own(found.role, giver)
    _record("member.invitation_revoked", found, by=by, at=at)
    _close(found)


def revoke_those_of(member: Member, *, by: Member | None, at: datetime) -> None:
    """Takes back what somebody who leaves has sent."""
    sent = Invitation.objects.of(member.organization_id).filter(invited_by=member)
    for invitation in sent.select_related("role").select_for_update(of=("self",)):
        _record("member.invitation_revoked", invitation, by=by or member, at=at)
        _close(invitation)


@transaction.atomic
def join_anew(*, invitation_id: UUID, password: str, at: datetime) -> Member:
    """Makes an account with this password for the invited person, and a member of it.

    Raises InvitationRefused where the invitation doesn't wait any more, the password is too weak,
    or the address has an account already.
    """
    invitation = _locked(invitation_id, at=at)
    _judge(password, invitation)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email, password, name=invitation.name, joined_at=at
            )
    except IntegrityError:
        raise InvitationRefused(
            _("%s has an account already. Sign in with it first, then accept.") % invitation.email
        ) from None
    return _join(invitation, user, at=at)


@transaction.atomic
def join(*, invitation_id: UUID, user: User, at: datetime) -> Member:
    """Makes the invited person, who has this account, a member. The account stays as it is.

    Raises InvitationRefused where the invitation doesn't wait any more or is somebody else's.
    """
    invitation = _locked(invitation_id, at=at)
    if user.email.lower() != invitation.email:
        raise InvitationRefused(
            _("This invitation is for %(invited)s, and you are signed in as %(user)s.")
            % {"invited": invitation.email, "user": user.email}
        )
    return _join(invitation, user, at=at)


def _join(invitation: Invitation, user: User, *, at: datetime) -> Member:
    if Member.objects.of(invitation.organization_id).filter(user=user).exists():
        raise InvitationRefused(_("%s is a member already.") % user.email)
    member = add_member(organization=invitation.organization, user=user, role=invitation.role)
    _close(invitation)
    history.record(
        "member.joined",
        by=staff(member.id),
        at=at,
        subject_id=member.id,
        data={"role": str(member.role)},
    )
    return member


def _open(*, email: str, name: str, role: Role, inviter: Member, at: datetime) -> Invitation:
    invitation = Invitation.objects.create(
        organization_id=tenancy.current(),
        email=email,
        name=name,
        role=role,
        invited_by=inviter,
        invited_at=at,
        expires_at=at + LASTS,
    )
    register(DirectoryKind.INVITATION, invitation.id.hex, invitation.organization_id)
    return invitation


def _close(invitation: Invitation) -> None:
    deregister(DirectoryKind.INVITATION, [invitation.id.hex])
    invitation.delete()


def _locked(invitation_id: UUID, *, at: datetime | None = None) -> Invitation:
    """The invitation, once nobody else can use it any more; at a moment, only if it opens then."""
    rows = Invitation.objects.of(tenancy.current()).filter(id=invitation_id)
    rows = rows.select_related("organization", "role").select_for_update(of=("self",))
    found = rows.first()
    if found is None or (at and found.expires_at <= at):
        raise InvitationRefused(
            _("This invitation was accepted already, taken back, replaced, or has expired.")
        )
    return found


def _refuse_bad_person(address: str, name: str) -> None:
    try:
        validate_email(address)
    except ValidationError as problem:
        raise InvitationRefused(" ".join(problem.messages)) from None
    if not name or len(name) > LONGEST_MEMBER_NAME:
        raise InvitationRefused(
            _("Give the name of the person, up to %d characters.") % LONGEST_MEMBER_NAME
        )


def _refuse_known(address: str) -> None:
    member = Member.objects.of(tenancy.current()).filter(user__email=address).first()
    if member and member.active:
        raise InvitationRefused(_("%s is a member already.") % address)
    if member:
        raise InvitationRefused(
            _("%(name)s was a member with %(address)s; reactivate them instead.")
            % {"name": member.name, "address": address}
        )
    if Invitation.objects.of(tenancy.current()).filter(email=address).exists():
        raise InvitationRefused(
            _("%s is invited already; send that invitation again, or revoke it first.") % address
        )


def _judge(password: str, invitation: Invitation) -> None:
    try:
        validate_password(password, User(email=invitation.email, name=invitation.name))
    except ValidationError as weak:
        raise InvitationRefused(" ".join(weak.messages)) from None


def _record(kind: str, invitation: Invitation, *, by: Member, at: datetime) -> None:
    history.record(
        kind,
        by=staff(by.id),
        at=at,
        subject_id=invitation.id,
        data={"role": str(invitation.role)},
        personal={"name": invitation.name, "email": invitation.email},
    )

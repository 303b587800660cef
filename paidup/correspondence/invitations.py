"""The mail that invites somebody to become a member. Its link stands in the mail alone."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from paidup.communications import addresses, gates
from paidup.communications import operations as communications
from paidup.communications.blocks import Paragraph, SecretButton
from paidup.communications.gates import Decision, Send, Withdraw
from paidup.communications.models import Message
from paidup.communications.operations import NewMessage
from paidup.communications.states import Purpose
from paidup.history.actors import staff
from paidup.organizations import invitations
from paidup.organizations.models import Invitation

GATE = MAKER = "member_invitation"


def write(*, invitation: Invitation, at: datetime) -> None:
    """Writes to the invited person, once for each invitation."""
    facts = {
        "name": invitation.name,
        "inviter": invitation.invited_by.name,
        "organization": invitation.organization.name,
        "role": invitation.role,
        "day": date_format(invitation.organization.day(invitation.expires_at)),
    }
    body = _(
        "Hello %(name)s,\n\n"
        "%(inviter)s invites you to %(organization)s on Paidup, with the role %(role)s.\n\n"
        "The link works once, until %(day)s. If you didn't expect this, there is nothing to do."
    )
    communications.queue_messages(
        [
            NewMessage(
                purpose=Purpose.STAFF,
                to_address=invitation.email,
                subject=_("%(inviter)s invites you to %(organization)s") % facts,
                blocks=[
                    Paragraph(body % facts),
                    SecretButton(_("Look at the invitation"), MAKER, invitation.id),
                ],
                intent_key=f"member_invitation:{invitation.id}",
                gate=GATE,
                gate_data={"invitation": str(invitation.id)},
                automatic=False,
            )
        ],
        by=staff(invitation.invited_by_id),
        at=at,
    )


def still_opens(message: Message, at: datetime) -> Decision:
    """Withdraws what was revoked, accepted, replaced or has expired."""
    if invitations.open_invitation(UUID(message.gate_data["invitation"]), at=at):
        return Send()
    return Withdraw(_("Its link would not work any more: it was replaced, used or has expired."))


def address(invitation_id: UUID) -> str:
    """The address that the mail leads to."""
    return f"{settings.BASE_URL}/invitations/{invitations.token(invitation_id)}/"


gates.register(GATE, still_opens)
addresses.register(MAKER, address)

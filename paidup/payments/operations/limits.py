"""How much a member may grant by themselves, by the role they have."""

from decimal import Decimal

from django.utils.translation import gettext as _

from paidup.history.actors import Actor, ActorKind
from paidup.lib import tenancy
from paidup.organizations.models import Member
from paidup.organizations.states import LimitedAction


class OverLimit(Exception):
    """More than one may grant alone; the message says what to do."""


def refuse_over_limit(*, action: LimitedAction, amount: Decimal, currency: str, by: Actor) -> None:
    """Raises OverLimit where the role of who acts needs somebody's approval for the amount."""
    if is_over_limit(action=action, amount=amount, currency=currency, by=by):
        raise OverLimit(_("This is more than your role may grant; somebody has to approve it."))


def is_over_limit(*, action: LimitedAction, amount: Decimal, currency: str, by: Actor) -> bool:
    """Whether the amount needs somebody else's approval. The system has no limit."""
    if by.kind != ActorKind.STAFF or by.id is None:
        return False
    members = Member.objects.of(tenancy.current()).select_related("role")
    member: Member = members.get(id=by.id)
    return bool(member.role.exceeds(action, amount, currency))

"""What an organization's own fields hold of its members."""

from datetime import datetime

from django.db import transaction

from paidup.history import operations as history
from paidup.history.actors import Actor

from .field_values import Given, change_values
from .models import Member, MemberValue


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

"""Reminders of people who were merged into one."""

from collections.abc import Sequence

from django.db import transaction

from paidup.cadences.models import Reminder
from paidup.communications.models import Message
from paidup.lib import tenancy


@transaction.atomic
def unite_reminders(*, into: Message, absorbed: Sequence[Message]) -> None:
    """Has a waiting reminder remind also of the steps of those that became part of it.

    A step that it reminds of already stays where it is.
    """
    reminders = list(
        Reminder.objects.of(tenancy.current())
        .filter(message__in=[into, *absorbed])
        .order_by("id")
        .select_for_update()
    )
    standing = set(
        Reminder.objects.of(tenancy.current())
        .filter(contact=into.contact, enrolment__in=[one.enrolment_id for one in reminders])
        .values_list("enrolment_id", "step_id", "cycle")
    )
    for reminder in reminders:
        step = (reminder.enrolment_id, reminder.step_id, reminder.cycle)
        if reminder.contact_id == into.contact_id:
            reminder.message = into
        elif step not in standing:
            reminder.contact, reminder.message = into.contact, into
            standing.add(step)
    Reminder.objects.bulk_update(reminders, ["contact", "message"], batch_size=1000)

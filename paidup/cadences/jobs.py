"""The recurring run, and what follows when money comes in."""

from datetime import datetime
from uuid import UUID

from paidup.cadences.models import Reminder
from paidup.cadences.operations import establish_default, run_day, withdraw_settled
from paidup.cadences.states import StepMode
from paidup.communications import operations as communications
from paidup.communications.models import Message
from paidup.communications.queries import delivery_hours
from paidup.communications.states import Purpose
from paidup.customers import queries as customers
from paidup.history.actors import system
from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.jobs import job
from paidup.organizations.models import Organization
from paidup.organizations.states import SendingMode

CADENCES = system("cadences")


@job
def run_today(*, organization_id: str) -> None:
    """Makes today's reminders. Recurs; automatic ones are made only while they may leave."""
    _run(Organization.objects.get(id=organization_id), at=clock.now())


@job
def follow_mode(*, organization_id: str, event_id: str) -> None:
    """The organization has gone automatic: today's reminders wait for nobody any more.

    Those of steps that ask first in any case still do.
    """
    del event_id
    organization, now = Organization.objects.get(id=organization_id), clock.now()
    if organization.sending_mode != SendingMode.AUTOMATIC:
        return
    waiting = Message.objects.of(organization).awaiting_approval()
    asking = Reminder.objects.of(organization).filter(step__mode=StepMode.APPROVE_FIRST)
    todays = waiting.filter(purpose=Purpose.REMINDER, reminder_on=organization.day(now)).exclude(
        id__in=asking.exclude(message=None).values("message_id")
    )
    communications.approve_messages(
        message_ids=todays.values_list("id", flat=True), by=CADENCES, at=now
    )
    _run(organization, at=now)


@job
def establish(*, organization_id: str, event_id: str) -> None:
    """Gives a new organization its cadence."""
    del event_id
    organization = Organization.objects.get(id=organization_id)
    establish_default(organization=organization, by=CADENCES, at=clock.now())


@job
def settle(*, organization_id: str, event_id: str) -> None:
    """Withdraws waiting reminders of what is paid, credited, disputed or promised."""
    event = Event.objects.of(UUID(organization_id)).get(id=event_id)
    if event.customer_id and not customers.deleted_at(event.customer_id):
        customer = customers.current(event.customer_id)
        withdraw_settled(customer=customer, by=CADENCES, at=clock.now())


def _run(organization: Organization, *, at: datetime) -> None:
    if organization.automation_stopped:
        return
    automatic = organization.sending_mode == SendingMode.AUTOMATIC
    if automatic and delivery_hours(organization).opening(at) > at:
        return
    run_day(organization=organization, on=organization.day(at), by=CADENCES, at=at)

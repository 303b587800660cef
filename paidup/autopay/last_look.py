"""The last look at an auto payment, just before the gateway hears of it."""

from datetime import datetime

from paidup.organizations.models import Organization
from paidup.payments.models import Intent
from paidup.payments.operations import charge_gates
from paidup.payments.states import Purpose

from . import gates
from .models import Attempt, Schedule


def may_still_be_charged(intent: Intent, at: datetime) -> bool:
    """Whether every invoice of the charge still passes the gates by which the tick claimed it."""
    organization = Organization.objects.get(id=intent.organization_id)
    if organization.automation_stopped:
        return False
    attempts = Attempt.objects.of(organization).filter(intent=intent)
    schedules = Schedule.objects.of(organization).filter(customer=intent.customer)
    rows = gates.chargeable(
        schedules.values_list("id", flat=True),
        on=organization.day(at),
        claimed_by=intent.id,
    )
    return set(attempts.values_list("invoice_id", flat=True)) <= {
        row.invoice_id for row in rows if row.is_allowed and row.method_id == intent.method_id
    }


charge_gates.register(Purpose.AUTOPAY, may_still_be_charged)

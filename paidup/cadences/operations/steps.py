"""A cadence's steps: adding one, changing it, removing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.cadences.following.jobs import follow_soon
from paidup.cadences.models import Cadence, Step
from paidup.cadences.states import StepMode
from paidup.communications.models import MessageTemplate
from paidup.communications.states import Purpose
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.lib.bulk import execute

from .arrange import CadenceRefused, locked

MOST_DAYS = 365  # before or after the due date

# Who was reminded by the step before is not reminded by it again, nor of what comes before it now.
_REACHED = """
UPDATE cadences_enrolment e SET reached = greatest(e.reached, %(days)s)
FROM cadences_reminder r
WHERE r.organization_id = %(organization)s AND r.step_id = %(step)s
    AND e.organization_id = %(organization)s AND e.id = r.enrolment_id AND e.cycle = r.cycle
"""


@dataclass(frozen=True, kw_only=True)
class StepDetails:
    """When a step comes, by days from the due date, and before it below zero; what it says; and
    whether somebody is asked first."""

    days: int
    template: MessageTemplate
    mode: StepMode = StepMode.AS_ORGANIZATION


@transaction.atomic
def add_step(*, cadence: Cadence, details: StepDetails, by: Actor, at: datetime) -> Step:
    """Adds a step. Invoices that are past it by their age and have reached a later one skip it.

    Raises CadenceRefused for a day that has a step already, or one too far away.
    """
    cadence = locked(cadence)
    _refuse(cadence, details)
    step = Step.objects.create(
        organization_id=cadence.organization_id,
        cadence=cadence,
        days=details.days,
        template=details.template,
        mode=details.mode,
    )
    _record("cadence.step_added", cadence, _said(step), by=by, at=at)
    return step


@transaction.atomic
def edit_step(*, step: Step, details: StepDetails, by: Actor, at: datetime) -> None:
    """Changes a step. Nobody is reminded by it twice; what waits and would not be due by the new
    day comes on that day. Raises CadenceRefused as `add_step` does."""
    cadence = locked(step.cadence)
    step = _standing(cadence, step)
    _refuse(cadence, details, but=step)
    before = _said(step)
    step.days, step.template, step.mode = details.days, details.template, details.mode
    after = _said(step)
    if after == before:
        return
    step.save(update_fields=["days", "template", "mode"])
    execute(_REACHED, organization=tenancy.current(), step=step.id, days=step.days)
    was = {f"{name}_before": value for name, value in before.items() if after[name] != value}
    _record("cadence.step_edited", cadence, after | was, by=by, at=at)
    follow_soon()


@transaction.atomic
def remove_step(*, step: Step, by: Actor, at: datetime) -> None:
    """Removes a step; what waits of it is withdrawn. Raises CadenceRefused for the last one."""
    cadence = locked(step.cadence)
    step = _standing(cadence, step)
    others = Step.objects.of(cadence.organization_id).standing().filter(cadence=cadence)
    if not others.exclude(id=step.id).exists():
        raise CadenceRefused(
            _("A cadence keeps one step at least. Remove the cadence, or a customer's cadences.")
        )
    step.removed_at = at
    step.save(update_fields=["removed_at"])
    _record("cadence.step_removed", cadence, _said(step), by=by, at=at)
    follow_soon()


def _standing(cadence: Cadence, step: Step) -> Step:
    steps = Step.objects.of(cadence.organization_id).select_related("template")
    found = steps.get(id=step.id)
    if found.removed_at:
        raise CadenceRefused(_("This step was removed meanwhile."))
    return found


def _refuse(cadence: Cadence, details: StepDetails, *, but: Step | None = None) -> None:
    if abs(details.days) > MOST_DAYS:
        raise CadenceRefused(
            _("Choose a day within %(most)d days of the due date.") % {"most": MOST_DAYS}
        )
    if details.template.purpose != Purpose.REMINDER:
        raise CadenceRefused(_("Choose a template for reminders."))
    steps = Step.objects.of(cadence.organization_id).standing().filter(cadence=cadence)
    same = steps.filter(days=details.days)
    if (same.exclude(id=but.id) if but else same).exists():
        raise CadenceRefused(_("The cadence has a step on that day already; choose another day."))


def _said(step: Step) -> dict[str, Any]:
    return {"days": step.days, "template": step.template.name, "mode": step.mode}


def _record(
    kind: str, cadence: Cadence, data: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    history.record(kind, by=by, at=at, subject_id=cadence.id, data={"name": cadence.name, **data})

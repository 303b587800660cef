"""An organization's cadences: adding one, renaming it, making it the default, removing it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.cadences.following.jobs import follow_soon
from paidup.cadences.following.taking_back import take_turns
from paidup.cadences.models import Assignment, Cadence, InvoiceAssignment, LinkAssignment, Step
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.states import InvoiceState
from paidup.lib import tenancy
from paidup.organizations.models import Organization

MOST_GAP_DAYS = 30


class CadenceRefused(Exception):
    """The cadence can't be changed or assigned so; the message says what to do."""


@transaction.atomic
def add_cadence(*, name: str, copy_of: Cadence, by: Actor, at: datetime) -> Cadence:
    """Adds a cadence with the steps of another one. Raises CadenceRefused for a name in use."""
    name = _free_name(name)
    cadence = Cadence.objects.create(
        organization_id=tenancy.current(), name=name, gap_days=copy_of.gap_days, created_at=at
    )
    Step.objects.bulk_create(
        Step(
            organization_id=cadence.organization_id,
            cadence=cadence,
            trigger=step.trigger,
            days=step.days,
            channel=step.channel,
            template_id=step.template_id,
            mode=step.mode,
        )
        for step in Step.objects.of(tenancy.current()).standing().filter(cadence=copy_of)
    )
    history.record(
        "cadence.added",
        by=by,
        at=at,
        subject_id=cadence.id,
        data={"name": name, "copy_of": copy_of.name},
    )
    return cadence


@transaction.atomic
def edit_cadence(*, cadence: Cadence, name: str, gap_days: int, by: Actor, at: datetime) -> None:
    """Changes its name, and the days from one reminder to a person until the next.

    Raises CadenceRefused for a name in use, or days out of 1 to 30.
    """
    cadence = locked(cadence)
    if (name, gap_days) == (cadence.name, cadence.gap_days):
        return
    if not 1 <= gap_days <= MOST_GAP_DAYS:
        raise CadenceRefused(
            _("Leave 1 to %(most)d days between reminders.") % {"most": MOST_GAP_DAYS}
        )
    before = {"name_before": cadence.name, "gap_days_before": cadence.gap_days}
    cadence.name, cadence.gap_days = _free_name(name, but=cadence), gap_days
    cadence.save(update_fields=["name", "gap_days"])
    history.record(
        "cadence.edited",
        by=by,
        at=at,
        subject_id=cadence.id,
        data={"name": cadence.name, "gap_days": gap_days, **before},
    )


@transaction.atomic
def make_default(*, cadence: Cadence, by: Actor, at: datetime) -> None:
    """Makes a cadence that of all customers that have none of their own assigned.

    Raises CadenceRefused for one that was removed.
    """
    take_turns(cadence.organization_id)
    cadence = locked(cadence)
    if cadence.default:
        return
    former = Cadence.objects.of(cadence.organization_id).get(default=True)
    former.default, cadence.default = False, True
    former.save(update_fields=["default"])
    cadence.save(update_fields=["default"])
    history.record(
        "cadence.made_default",
        by=by,
        at=at,
        subject_id=cadence.id,
        data={"name": cadence.name, "name_before": former.name},
    )
    follow_soon()


@transaction.atomic
def remove_cadence(*, cadence: Cadence, by: Actor, at: datetime) -> None:
    """Removes a cadence; what was reminded of by it is still told.

    Invoices that are settled give it up, in case they are opened again. Raises CadenceRefused for
    the default one, and while customers, people or open invoices are assigned to it.
    """
    # Against whoever assigns it at this moment, and holds it for that.
    rows = Cadence.objects.of(cadence.organization_id).select_for_update()
    cadence = rows.get(id=cadence.id)
    if cadence.removed_at:
        return
    if cadence.default:
        raise CadenceRefused(
            _("%s is the default cadence. Make another one the default first.") % cadence.name
        )
    if refusal := _in_use(cadence):
        raise CadenceRefused(refusal % cadence.name)
    InvoiceAssignment.objects.of(cadence.organization_id).filter(cadence=cadence).delete()
    cadence.removed_at = at
    cadence.save(update_fields=["removed_at"])
    history.record(
        "cadence.removed", by=by, at=at, subject_id=cadence.id, data={"name": cadence.name}
    )


def _in_use(cadence: Cadence) -> str:
    """Why the cadence has to stay; empty when nobody is assigned to it."""
    of_invoices = InvoiceAssignment.objects.of(cadence.organization_id).filter(cadence=cadence)
    if Assignment.objects.of(cadence.organization_id).filter(cadence=cadence).exists():
        return _("Customers are assigned to %s. Give them another cadence first.")
    if LinkAssignment.objects.of(cadence.organization_id).filter(cadence=cadence).exists():
        return _("Contacts are assigned to %s. Give them another cadence first.")
    if of_invoices.filter(invoice__state=InvoiceState.OPEN).exists():
        return _("Open invoices are assigned to %s. Give them another cadence first.")
    return ""


def locked(cadence: Cadence) -> Cadence:
    """The cadence as it is now, for nobody else to change until the transaction ends.

    Raises CadenceRefused for one that was removed.
    """
    rows = Cadence.objects.of(cadence.organization_id).select_for_update(no_key=True)
    found = rows.get(id=cadence.id)
    if found.removed_at:
        raise CadenceRefused(_("This cadence was removed meanwhile; open another one."))
    return found


def _free_name(name: str, *, but: Cadence | None = None) -> str:
    """The name as it is kept. Two who choose the same one take turns."""
    name = " ".join(name.split())
    if not name:
        raise CadenceRefused(_("Give the cadence a name."))
    organization_id = tenancy.current()
    Organization.objects.select_for_update(no_key=True).get(id=organization_id)
    same = Cadence.objects.of(organization_id).standing().filter(name__iexact=name)
    if (same.exclude(id=but.id) if but else same).exists():
        raise CadenceRefused(_("There is a cadence of this name already; choose another name."))
    return name

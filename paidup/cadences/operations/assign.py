"""Which cadence a customer has: one of its own, the default one, or none."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from paidup.cadences.following.jobs import follow_soon
from paidup.cadences.models import Assignment, Cadence, InvoiceAssignment, LinkAssignment
from paidup.customers.models import Customer
from paidup.customers.visibility import VisibleQuerySet
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.history.operations import Happening
from paidup.lib import tenancy
from paidup.lib.among import among

from .arrange import CadenceRefused

Held = tuple[bool, UUID | None]  # whether an assignment stands, and the cadence that it names
NOTHING: Held = (False, None)
REMOVED: Held = (True, None)


@transaction.atomic
def change_cadences(
    *, customer_ids: Iterable[UUID], cadence: Cadence | None, by: Actor, at: datetime
) -> set[UUID]:
    """Gives customers a cadence, or without one the default, whichever that is, with an event for
    each; which ones have changed.

    Their invoices enter it at the latest step that their age allows, or go on where they left it.
    Raises CadenceRefused for one that was removed.
    """
    if cadence is None:
        return _assign(customer_ids, NOTHING, by=by, at=at)
    hold(cadence)
    return _assign(customer_ids, (True, cadence.id), by=by, at=at)


@transaction.atomic
def remove_cadences(*, customer_ids: Iterable[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Takes customers out of all cadences, with an event for each; which ones have changed.

    Nobody there is reminded until they are given one again; no default does that. So the own ones
    of their people and invoices go as well. Invoices that were taken out of chasing stay so.
    """
    return _assign(customer_ids, REMOVED, by=by, at=at)


def _assign(customer_ids: Iterable[UUID], after: Held, *, by: Actor, at: datetime) -> set[UUID]:
    organization_id = tenancy.current()
    meant = Customer.objects.of(organization_id).filter(among("id", customer_ids))
    before: dict[UUID, Held] = dict.fromkeys(meant.locked().values_list("id", flat=True), NOTHING)
    standing = Assignment.objects.of(organization_id).filter(among("customer_id", before))
    for customer_id, own in standing.values_list("customer_id", "cadence_id"):
        before[customer_id] = (True, own)
    changed = {customer_id for customer_id, held in before.items() if held != after}
    if after == REMOVED:
        changed |= remove_below(before)
    if not changed:
        return changed
    standing.filter(among("customer_id", changed)).delete()
    assigned, cadence_id = after
    if assigned:
        Assignment.objects.bulk_create(
            (
                Assignment(
                    organization_id=organization_id, customer_id=customer_id, cadence_id=cadence_id
                )
                for customer_id in sorted(changed)
            ),
            batch_size=2000,
        )
    _tell(changed, before, after, by=by, at=at)
    follow_soon()
    return changed


def remove_below(customer_ids: Iterable[UUID]) -> set[UUID]:
    """Takes the own cadences of people and of invoices there; whose they were."""
    of_people, of_invoices = own_below(customer_ids)
    found = {
        *of_people.values_list("link__customer_id", flat=True),
        *of_invoices.values_list("invoice__customer_id", flat=True),
    }
    of_people.delete()
    of_invoices.delete()
    return found - {None}


def own_below(
    customer_ids: Iterable[UUID],
) -> tuple[VisibleQuerySet[LinkAssignment], VisibleQuerySet[InvoiceAssignment]]:
    """The own cadences of people, and of invoices, at these customers."""
    ids, organization_id = list(customer_ids), tenancy.current()
    of_people = LinkAssignment.objects.of(organization_id)
    of_invoices = InvoiceAssignment.objects.of(organization_id).filter(cadence__isnull=False)
    return (
        of_people.filter(among("link__customer_id", ids)),
        of_invoices.filter(among("invoice__customer_id", ids)),
    )


def _tell(
    changed: Collection[UUID],
    before: dict[UUID, Held],
    after: Held,
    *,
    by: Actor,
    at: datetime,
) -> None:
    names: dict[Held, str] = {REMOVED: ""}
    for cadence in Cadence.objects.of(tenancy.current()):
        names[True, cadence.id] = cadence.name
        if cadence.default:
            names[NOTHING] = cadence.name
    history.record_all(
        (
            Happening(
                kind="customer.cadences_removed"
                if after == REMOVED
                else "customer.cadence_changed",
                customer_id=customer_id,
                subject_id=customer_id,
                data={
                    "cadence": str(after[1]) if after[1] else None,
                    "changes": {
                        "cadence": [names.get(before[customer_id], ""), names.get(after, "")]
                    }
                    if before[customer_id] != after
                    else {},
                },
            )
            for customer_id in sorted(changed)
        ),
        by=by,
        at=at,
    )


def hold(cadence: Cadence) -> None:
    """Raises CadenceRefused unless it stands; it is not removed until the transaction ends."""
    with connection.cursor() as cursor:
        # A run, which locks them too, goes on meanwhile: no lock that Django has.
        cursor.execute(
            "SELECT removed_at FROM cadences_cadence"
            " WHERE organization_id = %s AND id = %s FOR KEY SHARE",
            [cadence.organization_id, cadence.id],
        )
        row = cursor.fetchone()
    if row is None or row[0]:
        raise CadenceRefused(_("This cadence was removed meanwhile; choose another one."))

"""The collection statuses an organization works with."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import CollectionStatus, Invoice
from paidup.invoicing.queries import collection_statuses
from paidup.lib import formatting, tenancy
from paidup.organizations.models import Organization

MOST_STATUSES = 20


class StatusRefused(Exception):
    """The status can't be kept, or given, so; the message says what to change."""


@transaction.atomic
def establish_statuses(*, organization: Organization, by: Actor, at: datetime) -> None:
    """The statuses with which an organization begins, in its language; where it has had none."""
    _lock(organization)
    if CollectionStatus.objects.of(organization).exists():
        return
    with override(organization.language):
        ready = [
            (_("In contact"), False),
            (_("Promised"), False),
            (_("Escalated"), True),
            (_("Agency"), True),
            (_("Legal"), True),
        ]
    for name, notifies in ready:
        add_status(name=name, default=False, notifies=notifies, by=by, at=at)


@transaction.atomic
def add_status(
    *, name: str, default: bool, notifies: bool, by: Actor, at: datetime
) -> CollectionStatus:
    """Adds a status, as the last one. A new default takes the place of the one before.

    Raises StatusRefused for a name that is empty or taken.
    """
    others = _in_turn()
    if len(others) >= MOST_STATUSES:
        raise StatusRefused(_("There are %s statuses already; remove one first.") % MOST_STATUSES)
    status = CollectionStatus(
        organization_id=tenancy.current(),
        name=_name(name, others),
        notifies=notifies,
        position=max((other.position for other in others), default=0) + 1,
    )
    status.save(force_insert=True)
    if default:
        _make_default(status)
    data = {"name": status.name, "default": default, "notifies": notifies}
    history.record("collection_status.added", by=by, at=at, subject_id=status.id, data=data)
    return status


@transaction.atomic
def edit_status(
    *,
    status: CollectionStatus,
    name: str,
    default: bool,
    notifies: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Changes what a status is called and does. Raises StatusRefused as `add_status` does."""
    others = _in_turn()
    status = _standing(status, others)
    name = _name(name, [other for other in others if other.id != status.id])
    new = {"name": name, "default": default, "notifies": notifies}
    changes = {
        column: [before, after]
        for column, after in new.items()
        if (before := getattr(status, column)) != after
    }
    if not changes:
        return
    status.name, status.notifies = name, notifies
    status.default = default and status.default
    status.save(update_fields=["name", "notifies", "default"])
    if default and not status.default:
        _make_default(status)
    data = {"name": status.name, "changes": changes}
    history.record("collection_status.edited", by=by, at=at, subject_id=status.id, data=data)


@transaction.atomic
def move_status(*, status: CollectionStatus, up: bool, by: Actor, at: datetime) -> None:
    """Lets a status change places with the one above, or below."""
    order = _in_turn()
    place = next((at for at, one in enumerate(order) if one.id == status.id), None)
    other = None if place is None else place + (-1 if up else 1)
    if place is None or other is None or not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, start=1):
        one.position = position
    CollectionStatus.objects.bulk_update(order, ["position"])
    data = {"name": status.name, "position": other + 1}
    history.record("collection_status.moved", by=by, at=at, subject_id=status.id, data=data)


@transaction.atomic
def remove_status(*, status: CollectionStatus, by: Actor, at: datetime) -> None:
    """Removes a status that no open invoice has. Raises StatusRefused while one has it."""
    status = _standing(status, _in_turn())
    # Whoever gives it to an invoice meanwhile waits for this, and is refused then.
    CollectionStatus.objects.of(tenancy.current()).select_for_update().get(id=status.id)
    used = Invoice.objects.of(tenancy.current()).of_status(status.id).count()
    if used:
        raise StatusRefused(
            ngettext(
                "%(count)s open invoice is “%(name)s”; give it another status first.",
                "%(count)s open invoices are “%(name)s”; give them another status first.",
                used,
            )
            % {"count": formatting.number(used), "name": status.name}
        )
    status.removed, status.default = True, False
    status.save(update_fields=["removed", "default"])
    data = {"name": status.name}
    history.record("collection_status.removed", by=by, at=at, subject_id=status.id, data=data)


def _in_turn() -> list[CollectionStatus]:
    """All of them, which are changed one after the other."""
    _lock(Organization(id=tenancy.current()))
    return collection_statuses()


def _lock(organization: Organization) -> None:
    Organization.objects.select_for_update(no_key=True).get(id=organization.id)


def _standing(status: CollectionStatus, known: Sequence[CollectionStatus]) -> CollectionStatus:
    """As it is now."""
    found = next((one for one in known if one.id == status.id), None)
    if found is None:
        raise StatusRefused(_("This status was removed meanwhile."))
    return found


def _make_default(status: CollectionStatus) -> None:
    rows = CollectionStatus.objects.of(status.organization_id)
    rows.filter(default=True).update(default=False)
    rows.filter(id=status.id).update(default=True)


def _name(name: str, others: Sequence[CollectionStatus]) -> str:
    name = " ".join(name.split())
    if not name:
        raise StatusRefused(_("Give the status a name."))
    if name.casefold() in {other.name.casefold() for other in others}:
        raise StatusRefused(_("There is a status “%s” already; choose another name.") % name)
    return name

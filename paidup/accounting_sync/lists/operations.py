"""Importing a list of customers or of contacts."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.accounting_sync.operations import ImportRefused
from paidup.accounting_sync.states import ListKind
from paidup.accounting_sync.text_file import Problem, opened
from paidup.customers import bulk, bulk_edit, search
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib.bulk import uncollected
from paidup.organizations import queries as organizations
from paidup.organizations.field_values import hold
from paidup.organizations.fields import FieldRefused
from paidup.organizations.models import Entity, Organization
from paidup.organizations.operations import step_past

from .columns import columns_of
from .contacts import take_contacts
from .custom import fields_for
from .customers import CustomerList, custom_fields, numbers
from .fields import checked
from .known import look_up, parents
from .outcome import Counts, Outcome
from .people import People
from .reading import Entries, Members, read

AT_ONCE = 5000  # search rows


def import_file(
    *,
    kind: ListKind,
    content: bytes,
    organization: Organization,
    by: Actor,
    at: datetime,
    entity_name: str = "",
    dry_run: bool = False,
    skip_bad: bool = False,
) -> tuple[dict[str, str], Outcome]:
    """Imports a file's list by its headers, or as these were assigned the last time.

    Gives for each header what it was taken to hold. Raises FileRefused for what is no CSV file,
    ColumnsRefused where the headers don't tell enough, ImportRefused as `import_list` does, and
    for an unknown entity.
    """
    table = opened(content)
    fields = fields_for(kind)
    columns = checked(fields, columns_of(kind, table.header))
    entity = _entity(organization, entity_name)
    entries = read(
        table,
        kind=kind,
        fields=fields,
        columns=columns,
        members=Members(organization),
        region=entity.country,
    )
    outcome = import_list(
        kind=kind, entries=entries, entity=entity, by=by, at=at, dry_run=dry_run, skip_bad=skip_bad
    )
    return dict(zip(table.header, columns, strict=True)), outcome


def _entity(organization: Organization, name: str) -> Entity:
    entities = Entity.objects.of(organization).order_by("name")
    found = entities.filter(name=name).first() if name else None
    if name and found is None:
        raise ImportRefused(
            _("There is no entity %(name)s; there are: %(names)s.")
            % {"name": name, "names": ", ".join(entities.values_list("name", flat=True))}
        )
    return found or entities[0]


def import_list(
    *,
    kind: ListKind,
    entries: Entries,
    entity: Entity,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    skip_bad: bool = False,
) -> Outcome:
    """Adds and changes customers and contacts as a list says, all or nothing.

    A customer is known by the account number, a contact by the e-mail address among those of its
    customer. Blank cells change nothing. With any bad line nothing is imported unless `skip_bad`.
    A dry run gives the same outcome and changes nothing.
    Raises ImportRefused when somebody else adds one of its numbers at the same time.
    """
    try:
        with transaction.atomic(), uncollected():
            entity = _in_turn(entity, dry_run=dry_run)
            if kind == ListKind.CONTACTS:
                return _contacts(entries, entity, by=by, at=at, dry_run=dry_run, skip_bad=skip_bad)
            return _customers(entries, entity, by=by, at=at, dry_run=dry_run, skip_bad=skip_bad)
    except FieldRefused as refused:
        raise ImportRefused(str(refused)) from refused
    except IntegrityError as conflict:
        raise ImportRefused(
            _("Customers were changed while the list was imported. Import it again.")
        ) from conflict


def _in_turn(entity: Entity, *, dry_run: bool) -> Entity:
    """Imports of one entity run one after the other; a dry run is in nobody's way."""
    rows = Entity.objects.of(entity.organization_id).select_related("organization")
    return (rows if dry_run else rows.select_for_update(no_key=True, of=("self",))).get(
        id=entity.id
    )


def _customers(
    entries: Entries, entity: Entity, *, by: Actor, at: datetime, dry_run: bool, skip_bad: bool
) -> Outcome:
    organization: Organization = entity.organization
    known = [*entries.good, *entries.flawed]
    held = hold(custom_fields(known))
    taken = CustomerList(
        look_up(numbers(known), entity_id=entity.id, lock=not dry_run),
        held,
        entity=entity,
        organization=organization,
        owner_id=organizations.default_owner(organization.id).id,
        at=at,
    )
    moved = any("parent" in entry.values for entry in entries.good)
    taken.take_all(entries.good, parents(entity.id) if moved else {})
    taken.look_over(entries.flawed)
    outcome = _outcome(
        entries, taken.problems, taken.counts, taken.people.counts, skip_bad=skip_bad
    )
    if dry_run or outcome.refused:
        return outcome
    new = {customer.id for customer in taken.customers}
    people = taken.people
    bulk.add_customers(
        customers=taken.customers,
        contacts=[one for one in people.contacts if one.customer_id in new],
        entity_id=entity.id,
        by=by,
    )
    step_past(
        organization_id=organization.id,
        entity_id=entity.id,
        kind="customer",
        numbers=(customer.number for customer in taken.customers),
    )
    bulk_edit.fill_in(taken.filled)
    bulk_edit.edit_customers(taken.edits, by=by, at=at)
    refreshed = {edit.id for edit in taken.edits if bulk_edit.SEARCHED & edit.changes.keys()}
    joining = [one for one in people.contacts if one.customer_id not in new]
    _people(people, joining, refreshed, by=by, at=at)
    _record(ListKind.CUSTOMERS, outcome, organization, by=by, at=at)
    return outcome


def _contacts(
    entries: Entries, entity: Entity, *, by: Actor, at: datetime, dry_run: bool, skip_bad: bool
) -> Outcome:
    listed = (entry.values["number"] for entry in (*entries.good, *entries.flawed))
    known = look_up(listed, entity_id=entity.id, lock=not dry_run)
    people = People(known.places, at=at)
    problems = take_contacts(entries, known, people)
    outcome = _outcome(entries, problems, Counts(), people.counts, skip_bad=skip_bad)
    if not dry_run and not outcome.refused:
        _people(people, people.contacts, set(), by=by, at=at)
        _record(ListKind.CONTACTS, outcome, entity.organization, by=by, at=at)
    return outcome


def _people(
    people: People,
    joining: list[bulk.NewContact],
    refreshed: set[UUID],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Stores what is new of people at known customers, and those customers' search rows."""
    bulk.add_contacts(contacts=joining, by=by)
    bulk_edit.edit_places(people.place_edits, by=by, at=at)
    refreshed |= bulk_edit.edit_contacts(people.person_edits(), by=by, at=at)
    refreshed |= {contact.customer_id for contact in joining}
    ids = sorted(refreshed)
    for start in range(0, len(ids), AT_ONCE):
        search.refresh(ids[start : start + AT_ONCE])


def _outcome(
    entries: Entries,
    problems: Iterable[Problem],
    customers: Counts,
    contacts: Counts,
    *,
    skip_bad: bool,
) -> Outcome:
    errors = sorted([*entries.problems, *problems], key=attrgetter("line"))
    return Outcome(
        lines=len({problem.line for problem in entries.problems}) + len(entries.good),
        customers=customers,
        contacts=contacts,
        errors=errors,
        refused=bool(errors) and not skip_bad,
    )


def _record(
    kind: ListKind, outcome: Outcome, organization: Organization, *, by: Actor, at: datetime
) -> None:
    counts = (outcome.customers, outcome.contacts)
    if any(count.created or count.updated for count in counts):
        history.record(
            "list.imported",
            by=by,
            at=at,
            subject_id=organization.id,
            data={
                "list": kind.value,
                **{
                    f"{what}_{how}": getattr(count, how)
                    for what, count in zip(ListKind.values, counts, strict=True)
                    for how in ("created", "updated")
                },
            },
        )

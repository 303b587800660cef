"""What custom fields hold of their subjects: read for many at once, changed for one or many."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from paidup.lib import tenancy
from paidup.lib.bulk import execute, row_id, staged

from .field_rules import Value, written
from .fields import FieldRefused
from .models import CustomField, FieldValue
from .states import FieldKind

Table = type[FieldValue]
Given = Mapping[UUID, Value | None]  # by field; None for nothing
_COLUMNS = ("text", "number", "day")


@dataclass(frozen=True)
class ValueChange:
    """What a field held of a subject, and holds now."""

    field: CustomField
    before: Value | None
    after: Value | None

    def told(self) -> dict[str, str]:
        """As an event keeps it, also when the field is removed later."""
        return {
            "field": str(self.field.id),
            "label": self.field.label,
            "kind": self.field.kind,
            "before": written(self.before),
            "after": written(self.after),
        }


def rows_of(table: Table) -> Any:
    """All that the organization's fields hold of this table's subjects."""
    manager = table._default_manager  # noqa: SLF001  documented model API
    return manager.filter(organization_id=tenancy.current())


def values_of(
    table: Table, subject_ids: Collection[UUID], field_ids: Collection[UUID] | None = None
) -> dict[UUID, dict[UUID, Value]]:
    """By subject and field what they hold: of these fields, or of all. One statement."""
    column = f"{table.of.value}_id"
    rows = rows_of(table).filter(**{f"{column}__in": list(subject_ids)})
    if field_ids is not None:
        rows = rows.filter(field_id__in=list(field_ids))
    found: dict[UUID, dict[UUID, Value]] = defaultdict(dict)
    for subject_id, field_id, *columns in rows.values_list(column, "field_id", *_COLUMNS):
        found[subject_id][field_id] = _value(*columns)
    return found


def filled_in(table: Table, subject_id: UUID) -> list[tuple[CustomField, Value | None]]:
    """Each field of the subject's kind with what it holds of this one. One statement."""
    fields: Any = CustomField.objects.raw(  # a join, where the ORM would look up each column
        f"""
        SELECT field.*, held.text, held.number, held.day FROM organizations_customfield AS field
        LEFT JOIN {table._meta.db_table} AS held ON held.organization_id = field.organization_id
            AND held.field_id = field.id AND held.{table.of.value}_id = %(subject)s
        WHERE field.organization_id = %(organization)s AND field.of = %(of)s
        ORDER BY field.position, field.id
        """,  # noqa: S608, SLF001  our own names; documented model API
        {"organization": tenancy.current(), "subject": subject_id, "of": table.of.value},
    )
    held = ((field, _value(field.text, field.number, field.day)) for field in fields)
    return [(field, None if value == "" else value) for field, value in held]


def change_values(table: Table, subject_id: UUID, given: Given) -> list[ValueChange]:
    """Sets what fields hold of one subject, which the caller has locked; gives what differs.

    Raises FieldRefused for a field, or a choice, that was removed meanwhile.
    """
    if not given:
        return []
    held = hold(given)
    known = values_of(table, [subject_id], given)[subject_id]
    changes = [
        ValueChange(held[field_id], before, after)
        for field_id, after in given.items()
        if (before := known.get(field_id)) != after
    ]
    rows = rows_of(table).filter(**{f"{table.of.value}_id": subject_id})
    for change in changes:
        refuse_lost_choice(change.field, change.after)
        if change.after is None:
            rows.filter(field=change.field).delete()
            continue
        rows.update_or_create(
            organization_id=tenancy.current(),
            **{f"{table.of.value}_id": subject_id},
            field=change.field,
            defaults=dict(zip(_COLUMNS, _columns(change.after), strict=True)),
        )
    return changes


def store_values(table: Table, rows: Iterable[tuple[UUID, UUID, Value]]) -> None:
    """Sets what fields hold of many subjects: (subject, field, value). The caller holds both."""
    column = f"{table.of.value}_id"
    name = table._meta.db_table  # noqa: SLF001  documented model API
    kinds = {
        "id": "uuid", "subject_id": "uuid", "field_id": "uuid",
        "text": "text", "number": "numeric", "day": "date",
    }  # fmt: skip
    staging = (
        (row_id(), subject_id, field_id, *_columns(value)) for subject_id, field_id, value in rows
    )
    with staged("new_value", kinds, staging) as count:
        if not count:
            return
        execute(
            f"""
            INSERT INTO {name} (id, organization_id, {column}, field_id, text, number, day)
            SELECT id, %(organization)s, subject_id, field_id, text, number, day FROM new_value
            ON CONFLICT (organization_id, {column}, field_id) DO UPDATE
                SET text = excluded.text, number = excluded.number, day = excluded.day
            """,  # noqa: S608  names from models
            organization=tenancy.current(),
        )


def merge_values(table: Table, source_id: UUID, target_id: UUID) -> list[ValueChange]:
    """Gives the target what the source's fields hold and its own don't; the source has none then.
    What changes of the target."""
    changes = merged_values(table, source_id, target_id)
    column = f"{table.of.value}_id"
    theirs = rows_of(table).filter(**{column: source_id})
    filled = [change.field.id for change in changes]
    theirs.filter(field_id__in=filled).update(**{column: target_id})
    theirs.delete()
    return changes


def merged_values(table: Table, source_id: UUID, target_id: UUID) -> list[ValueChange]:
    """What `merge_values` would change of the target."""
    known = values_of(table, [source_id, target_id])
    lacking = known[source_id].keys() - known[target_id].keys()
    if not lacking:
        return []
    fields = CustomField.objects.of(tenancy.current()).filter(id__in=lacking)
    return [
        ValueChange(field, None, known[source_id][field.id])
        for field in fields.order_by("position", "id")
    ]


def hold(field_ids: Iterable[UUID]) -> dict[UUID, CustomField]:
    """These fields as they are now; none is edited or removed until the transaction ends.

    Raises FieldRefused for one that is gone.
    """
    wanted = set(field_ids)
    with connection.cursor() as cursor:
        # Others may fill in the same fields meanwhile, so no lock that Django has.
        cursor.execute(
            "SELECT id FROM organizations_customfield"
            " WHERE organization_id = %s AND id = ANY(%s) ORDER BY id FOR SHARE",
            [tenancy.current(), list(wanted)],
        )
    held = CustomField.objects.of(tenancy.current()).in_bulk(list(wanted))
    if len(held) < len(wanted):
        raise FieldRefused(_("A custom field was removed meanwhile; open the form again."))
    return held


def refuse_lost_choice(field: CustomField, value: Value | None) -> None:
    """Raises FieldRefused for a choice that there was and isn't any more."""
    if field.kind == FieldKind.CHOICE and value is not None and value not in field.choices:
        raise FieldRefused(
            _("“%(value)s” is no choice of %(field)s any more; choose another one.")
            % {"value": value, "field": field.label}
        )


def _columns(value: Value) -> tuple[str, Decimal | None, date | None]:
    if isinstance(value, str):
        return value, None, None
    return ("", value, None) if isinstance(value, Decimal) else ("", None, value)


def _value(text: str | None, number: Decimal | None, day: date | None) -> Value:
    return next((one for one in (number, day) if one is not None), text or "")

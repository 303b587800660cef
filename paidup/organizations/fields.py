"""The verbs of custom fields: what an organization wants to know besides."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.apps import apps
from django.db import models, transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import tenancy

from .models import CustomField, FieldValue, Organization
from .models.fields import LONGEST_TEXT
from .states import FieldKind, FieldSubject

MOST_FIELDS = 40  # of one subject
MOST_CHOICES = 100


class FieldRefused(Exception):
    """The field can't be kept, or filled in, so; the message says what to change."""


def fields_of(of: FieldSubject) -> list[CustomField]:
    """The organization's own fields of a subject, in their order."""
    rows = CustomField.objects.of(tenancy.current()).filter(of=of)
    return list(rows.order_by("position", "id"))


def table_of(of: FieldSubject) -> type[FieldValue]:
    """Where the values of a subject are; its room keeps them."""
    return next(
        model for model in apps.get_models() if issubclass(model, FieldValue) and model.of == of
    )


def count_values(field: CustomField) -> int:
    """How many subjects have one of this field."""
    return _values(field).count()


def choices_in_use(field: CustomField) -> dict[str, int]:
    """How many subjects have which choice."""
    rows = _values(field).order_by().values_list("text")
    return dict(rows.annotate(Count("id")))


@transaction.atomic
def add_field(
    *,
    of: FieldSubject,
    kind: FieldKind,
    label: str,
    by: Actor,
    at: datetime,
    choices: Sequence[str] = (),
) -> CustomField:
    """Adds a field, as the last of its subject.

    Raises FieldRefused for a label that is empty or taken, and for choices that are none.
    """
    others = _in_turn(of)
    if len(others) >= MOST_FIELDS:
        raise FieldRefused(_("There are %s fields already; remove one first.") % MOST_FIELDS)
    field = CustomField(
        organization_id=tenancy.current(),
        of=of,
        kind=kind,
        label=_label(label, others),
        choices=_choices(choices) if kind == FieldKind.CHOICE else [],
        position=max((other.position for other in others), default=0) + 1,
    )
    field.save(force_insert=True)
    data = {"of": of, "kind": kind, "label": field.label, "choices": field.choices}
    history.record("field.added", by=by, at=at, subject_id=field.id, data=data)
    return field


@transaction.atomic
def edit_field(
    *,
    field: CustomField,
    label: str,
    by: Actor,
    at: datetime,
    choices: Sequence[str] = (),
    becomes: Mapping[str, str] | None = None,
) -> None:
    """Changes what a field is called, and its choices.

    Of each choice that is left out and in use, `becomes` says which choice takes its place, or an
    empty text for none. Raises FieldRefused where it doesn't, and as `add_field` does.
    """
    becomes = becomes or {}
    others = _in_turn(FieldSubject(field.of))
    field = _locked(field)
    new_label = _label(label, [other for other in others if other.id != field.id])
    new_choices = _choices(choices) if field.kind == FieldKind.CHOICE else []
    used = choices_in_use(field) if field.kind == FieldKind.CHOICE else {}
    gone = [choice for choice in used if choice not in new_choices]
    for choice in gone:
        if becomes.get(choice, "?") not in {"", *new_choices}:
            raise FieldRefused(
                ngettext(
                    "“%(choice)s” is chosen %(count)s time; say what takes its place.",
                    "“%(choice)s” is chosen %(count)s times; say what takes its place.",
                    used[choice],
                )
                % {"choice": choice, "count": used[choice]}
            )
    replaced = {choice: becomes[choice] for choice in gone}
    if (new_label, new_choices) == (field.label, field.choices) and not replaced:
        return
    data = {
        "label": new_label,
        "changes": {
            "label": [field.label, new_label],
            "choices": [field.choices, new_choices],
        },
        "replaced": replaced,
    }
    field.label, field.choices = new_label, new_choices
    field.save(update_fields=["label", "choices"])
    for choice, replacement in replaced.items():
        rows = _values(field).filter(text=choice)
        if replacement:
            rows.update(text=replacement)
        else:
            rows.delete()
    history.record("field.edited", by=by, at=at, subject_id=field.id, data=data)


@transaction.atomic
def move_field(*, field: CustomField, up: bool, by: Actor, at: datetime) -> None:
    """Lets a field change places with the one above, or below."""
    order = _in_turn(FieldSubject(field.of))
    place = next((at for at, one in enumerate(order) if one.id == field.id), None)
    other = None if place is None else place + (-1 if up else 1)
    if place is None or other is None or not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, start=1):
        one.position = position
    CustomField.objects.bulk_update(order, ["position"])
    data = {"label": field.label, "position": other + 1}
    history.record("field.moved", by=by, at=at, subject_id=field.id, data=data)


@transaction.atomic
def remove_field(*, field: CustomField, by: Actor, at: datetime) -> int:
    """Removes a field with all its values, for good; how many these were."""
    _in_turn(FieldSubject(field.of))
    field = _locked(field)
    values, _tables = _values(field).delete()
    field_id = field.id
    field.delete()
    data = {"of": field.of, "kind": field.kind, "label": field.label, "values": values}
    history.record("field.removed", by=by, at=at, subject_id=field_id, data=data)
    return values


def _in_turn(of: FieldSubject) -> list[CustomField]:
    """The subject's fields, which are changed one after the other."""
    Organization.objects.select_for_update(no_key=True).get(id=tenancy.current())
    return fields_of(of)


def _locked(field: CustomField) -> CustomField:
    """As it is now, and nobody fills it in meanwhile."""
    rows = CustomField.objects.of(tenancy.current()).select_for_update()
    found = rows.filter(id=field.id).first()
    if found is None:
        raise FieldRefused(_("This field was removed meanwhile."))
    return found


def _values(field: CustomField) -> "models.QuerySet[FieldValue]":
    rows = table_of(FieldSubject(field.of))._default_manager  # noqa: SLF001  documented model API
    return rows.filter(organization_id=field.organization_id, field=field)


def _label(label: str, others: Sequence[CustomField]) -> str:
    label = " ".join(label.split())
    if not label:
        raise FieldRefused(_("Give the field a label."))
    if label.casefold() in {other.label.casefold() for other in others}:
        raise FieldRefused(_("There is a field “%s” already; choose another label.") % label)
    return label


def _choices(choices: Sequence[str]) -> list[str]:
    found = [text for choice in choices if (text := " ".join(choice.split()))]
    if not found:
        raise FieldRefused(_("Write at least one choice, each on a line of its own."))
    if len(found) > MOST_CHOICES:
        raise FieldRefused(_("Write at most %s choices.") % MOST_CHOICES)
    if any(len(choice) > LONGEST_TEXT for choice in found):
        raise FieldRefused(_("A choice has at most %s characters.") % LONGEST_TEXT)
    if len({choice.casefold() for choice in found}) < len(found):
        raise FieldRefused(_("A choice stands there twice; write each once."))
    return found

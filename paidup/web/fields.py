"""Custom fields on pages: in forms, and in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from paidup.lib import formatting
from paidup.organizations.field_rules import NO, YES, BadValue, Value, read, written
from paidup.organizations.field_values import Given
from paidup.organizations.fields import fields_of
from paidup.organizations.models import CustomField
from paidup.organizations.states import FieldKind, FieldSubject

PREFIX = "field_"


class CustomFormField(forms.CharField):
    """What a custom field is filled in with; None for nothing."""

    def __init__(self, field: CustomField, value: Value | None = None) -> None:
        """Filled in with the value that is known."""
        super().__init__(
            label=field.label, required=False, initial=written(value), widget=_widget(field)
        )
        self.field = field

    def clean(self, value: Any) -> Any:
        """Return the value that the text means."""
        text = super().clean(value)
        try:
            return read(self.field, text) if text else None
        except BadValue as bad:
            raise forms.ValidationError(str(bad)) from None


class FieldsForm(forms.Form):
    """A form that ends with the custom fields of its subject."""

    def add_custom_fields(
        self, of: FieldSubject, known: Mapping[UUID, Value] | None = None
    ) -> None:
        """The fields in their order, filled in with what is known."""
        for field in fields_of(of):
            value = (known or {}).get(field.id)
            self.fields[f"{PREFIX}{field.id}"] = CustomFormField(field, value)

    @property
    def custom_fields(self) -> list[forms.BoundField]:
        """Those, for the template."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def given(self) -> Given:
        """What they hold, by field."""
        return {
            UUID(name.removeprefix(PREFIX)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }

    def own_data(self) -> dict[str, Any]:
        """What the form's other fields hold."""
        return {
            name: value for name, value in self.cleaned_data.items() if not name.startswith(PREFIX)
        }


def choices_of(field: CustomField) -> list[tuple[str, str]]:
    """What can be chosen, as it is stored and in words."""
    if field.kind == FieldKind.YES_NO:
        return [(YES, _("Yes")), (NO, _("No"))]
    return [(choice, choice) for choice in field.choices]


def in_words(field: CustomField, value: Value | None) -> str:
    """The value for a reader; nothing for none."""
    if isinstance(value, Decimal):
        return formatting.number(value)
    if isinstance(value, date):
        return formatting.day(value)
    if field.kind == FieldKind.YES_NO and value:
        return _("Yes") if value == YES else _("No")
    return value or ""


def in_cell(value: Value | None) -> Value:
    """The value in a CSV file, as an import takes it; a number as one, so not as a formula."""
    return Decimal(written(value)) if isinstance(value, Decimal) else value or ""


def kept_in_words(kind: str, text: str) -> str:
    """The same of a value as an event keeps it."""
    field = CustomField(kind=kind, choices=[text])
    return in_words(field, read(field, text)) if text else ""


def _widget(field: CustomField) -> forms.Widget:
    match field.kind:
        case FieldKind.NUMBER:
            return forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        case FieldKind.DATE:
            return forms.DateInput({"type": "date"})
        case FieldKind.CHOICE | FieldKind.YES_NO:
            return forms.Select(choices=[("", "–"), *choices_of(field)])
        case _:
            return forms.TextInput({"autocomplete": "off"})

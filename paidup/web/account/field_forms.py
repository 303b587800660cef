"""The forms about custom fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from paidup.organizations.fields import choices_in_use
from paidup.organizations.models import CustomField
from paidup.organizations.models.fields import LONGEST_LABEL
from paidup.organizations.states import FieldKind

_UNSAID = "?"


class _ChoicesForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("Label"), max_length=LONGEST_LABEL)
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Of a field of the kind Choice: each on a line of its own."),
    )

    def clean_choices(self) -> list[str]:
        """Return each line."""
        return str(self.cleaned_data["choices"]).splitlines()


class AddFieldForm(_ChoicesForm):
    """A new field."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=FieldKind,
        widget=forms.RadioSelect,
        initial=FieldKind.TEXT,
        help_text=gettext_lazy("It stays; for another kind add another field."),
    )
    field_order = ("label", "kind", "choices")

    def clean_kind(self) -> FieldKind:
        """Return the kind itself."""
        return FieldKind(self.cleaned_data["kind"])


class EditFieldForm(_ChoicesForm):
    """A field's label and choices; of a choice in use that goes, what takes its place."""

    def __init__(self, *args: Any, field: CustomField, **options: Any) -> None:
        """Filled in with what is known."""
        options["initial"] = {"label": field.label, "choices": "\n".join(field.choices)}
        super().__init__(*args, **options)
        self.going: dict[str, str] = {}  # by the form's field the choice
        if field.kind != FieldKind.CHOICE:
            del self.fields["choices"]
        elif self.is_bound:
            self._ask_of_those_that_go(field)

    def _ask_of_those_that_go(self, field: CustomField) -> None:
        said = str(self.data.get("choices", "")).splitlines()
        stay = [text for line in said if (text := " ".join(line.split()))]
        for number, (choice, count) in enumerate(sorted(choices_in_use(field).items())):
            if choice in stay:
                continue
            name = f"becomes_{number}"
            self.going[name] = choice
            self.fields[name] = forms.ChoiceField(
                label=ngettext(
                    "“%(choice)s” is chosen %(count)s time. What takes its place?",
                    "“%(choice)s” is chosen %(count)s times. What takes its place?",
                    count,
                )
                % {"choice": choice, "count": count},
                choices=[
                    (_UNSAID, _("Say what becomes of it")),
                    ("", _("Nothing: the field is empty there")),
                    *((one, one) for one in stay),
                ],
                required=False,
                initial=_UNSAID,
            )

    def details(self) -> dict[str, Any]:
        """What `edit_field` takes."""
        said = {choice: self.data.get(name, _UNSAID) for name, choice in self.going.items()}
        return {
            "label": self.cleaned_data["label"],
            "choices": self.cleaned_data.get("choices", ()),
            "becomes": {choice: text for choice, text in said.items() if text != _UNSAID},
        }


class RemoveFieldForm(forms.Form):
    """The label of the field that goes, typed."""

    typed = forms.CharField(required=False)

    def __init__(self, *args: Any, name: str, **options: Any) -> None:
        """With the label to be typed."""
        super().__init__(*args, **options)
        self.name = name

    def clean_typed(self) -> str:
        """Spaces around it or twice within don't matter, letters do."""
        typed: str = " ".join(self.cleaned_data["typed"].split())
        if typed != self.name:
            raise forms.ValidationError(
                _("Type %s, the label of the field, to confirm.") % self.name
            )
        return typed

"""How forms look: one renderer, and fields that bring their classes and their focus."""

from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    Input,
    RadioSelect,
    Select,
    Textarea,
    Widget,
)

# The first that matches gives the class.
WIDGET_CLASSES: list[tuple[tuple[type[Widget], ...], str]] = [
    ((CheckboxInput, CheckboxSelectMultiple, RadioSelect), "form-check-input"),
    ((Select,), "form-select"),
    ((FileInput, Input, Textarea), "form-control"),
]


class Field(BoundField):
    """A field that carries its widget's class, and the focus when it is the first in error."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        """Return Django's attributes (required, aria-describedby, aria-invalid) and ours."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        given = str(attrs.get("class", widget.attrs.get("class", "")))
        attrs["class"] = " ".join(
            [*given.split(), *self._classes(widget), *(["is-invalid"] if self.errors else [])]
        )
        if self._repeats_label(str(widget.attrs.get("placeholder", ""))):
            attrs["placeholder"] = False
        if self.form.is_bound and self.form.errors:
            attrs["autofocus"] = self.name == next(iter(self.form.errors))
        return attrs

    def _repeats_label(self, placeholder: str) -> bool:
        return str(self.label).lower() in placeholder.lower()

    def _classes(self, widget: Widget) -> list[str]:
        for kinds, name in WIDGET_CLASSES:
            if isinstance(widget, kinds):
                return [name]
        return []

    @property
    def has_choices(self) -> bool:
        """Whether each choice stands before its own label."""
        return isinstance(self.field.widget, (RadioSelect, CheckboxSelectMultiple))

    @property
    def is_checkbox(self) -> bool:
        """Whether the box stands before its label."""
        return isinstance(self.field.widget, CheckboxInput)


class Renderer(TemplatesSetting):
    """Renders `{{ form }}` and `{{ field.as_field_group }}` with our templates."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field

"""The forms that take files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class _FilesInput(forms.ClearableFileInput):
    """Lets several be chosen."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Files, as many as are chosen."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """A list of them, also of none."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
        return [super(FilesField, self).clean(one, initial) for one in given]


class ShareForm(forms.Form):
    """Files for the customer to see."""

    attached = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "PDF, pictures, office documents without macros, plain text; up to 20 MB each."
        ),
    )


class NoteForm(forms.Form):
    """What was said or seen."""

    text = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("Only colleagues see it. Card numbers are masked."),
    )
    attached = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("Only colleagues see them too; up to 20 MB each."),
    )

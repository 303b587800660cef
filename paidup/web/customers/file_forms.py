"""The form of a note, which takes files."""

from django import forms
from django.utils.translation import gettext_lazy

from paidup.ui.files import FilesField


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

"""Files that people bring and fetch."""

from typing import Any

from django import forms
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy

from paidup.attachments.models import Attachment

TAKEN = gettext_lazy(
    "PDF, pictures, office documents without macros, plain text; up to 20 MB each."
)


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
    """Files for the other side to see."""

    attached = FilesField(label=gettext_lazy("Files"), help_text=TAKEN)


def to_be_saved(attachment: Attachment) -> FileResponse:
    """The file, to be saved: no browser opens it as a part of this site. Raises Http404 where the
    storage lost it."""
    try:
        file = default_storage.open(attachment.path)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )

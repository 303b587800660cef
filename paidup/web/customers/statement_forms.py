"""What staff say when they send statements to many customers."""

from django import forms
from django.utils.translation import gettext_lazy

from .list_forms import CountedForm


class StatementBatchForm(CountedForm):
    """A statement for many customers."""

    again = forms.BooleanField(
        label=gettext_lazy("Send it again to those who had today's already"), required=False
    )

    def settings(self) -> dict[str, str]:
        """As a batch keeps it."""
        return {"again": "yes" if self.cleaned_data["again"] else ""}

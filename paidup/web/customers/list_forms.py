"""The forms about the customers list: its views, and changes to many of its customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from paidup.batches.states import Action
from paidup.organizations.models import Organization

from .forms import MemberField


class ViewForm(forms.Form):
    """Under which name a view of the list is kept, and for whom."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("One of yours by the same name is replaced."),
    )
    shared = forms.BooleanField(label=gettext_lazy("Share with colleagues"), required=False)


class CountedForm(forms.Form):
    """A change to many customers, whose number is meant."""

    typed = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, count: int) -> None:
        """For so many customers."""
        super().__init__(data, initial={"typed": str(count)})
        self.count = count

    def clean_typed(self) -> str:
        """The number of customers as it was shown."""
        typed = str(self.cleaned_data["typed"]).strip()
        if typed != str(self.count):
            self.add_error(
                None,
                ngettext(
                    "%(count)d customer is selected now. Type that number to go on.",
                    "%(count)d customers are selected now. Type that number to go on.",
                    self.count,
                )
                % {"count": self.count},
            )
        return typed

    def settings(self) -> dict[str, str]:
        """As a batch keeps it."""
        return {
            name: value if isinstance(value, str) else str(value.id)
            for name, value in self.cleaned_data.items()
            if name != "typed"
        }


class BatchForm(CountedForm):
    """What a change to many customers needs to know."""

    def __init__(self, *args: Any, action: Action, organization: Organization, **options: Any):
        """The fields of this action."""
        super().__init__(*args, **options)
        if action is Action.CHANGE_OWNER:
            self.fields["owner"] = MemberField(
                organization=organization, label=_("Billing Owner"), empty_label=None
            )

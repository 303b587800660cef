"""The forms about saved methods and the authority to charge them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.customers.models import Customer
from paidup.payments.mandates import Authority, wording
from paidup.payments.states import Channel

# What staff hear or get in writing; on the web payers give it themselves.
_TAKEN_BY_STAFF = [(one.value, one.label) for one in (Channel.PHONE, Channel.PAPER)]


class AuthorityForm(forms.Form):
    """How somebody let a method be charged, and who."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How it was given"),
        choices=_TAKEN_BY_STAFF,
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
    )
    given_by = forms.CharField(
        label=gettext_lazy("Given by"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=gettext_lazy("The person at the customer who agreed to it."),
        error_messages={"required": gettext_lazy("Write who gave the authority.")},
    )

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """In the wording for this customer."""
        super().__init__(*args, **options)
        self.wording = wording(customer)

    def authority(self) -> Authority:
        """What was given."""
        return Authority(
            text=self.wording,
            channel=Channel(self.cleaned_data["channel"]),
            given_by=self.cleaned_data["given_by"],
        )


class EntryForm(AuthorityForm):
    """A method behind a token of the hosted form, entered for its owner."""

    token = forms.CharField(
        max_length=120,
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("The form above did not answer. Please try once more.")
        },
    )


class TransferForm(AuthorityForm):
    """The authority for the customer that gets a method, if it was given already."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Authority of the new customer"),
        choices=[("", gettext_lazy("Not given yet")), *_TAKEN_BY_STAFF],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
    given_by = forms.CharField(
        label=gettext_lazy("Given by"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=gettext_lazy("The person at the new customer, if the authority was given."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an authority that nobody gave, and a name that gave none."""
        cleaned = super().clean() or {}
        channel, given_by = cleaned.get("channel"), cleaned.get("given_by", "")
        if channel and not given_by:
            self.add_error("given_by", _("Write who gave the authority."))
        if given_by and not channel:
            self.add_error("channel", _("Choose how the authority was given, or clear the name."))
        return cleaned

    def authority_if_given(self) -> Authority | None:
        """What was given; None for nothing yet."""
        return self.authority() if self.cleaned_data["channel"] else None

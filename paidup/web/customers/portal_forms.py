"""What staff write when they invite people to the customer portal."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.communications import variables
from paidup.communications.states import Purpose
from paidup.communications.variables import TemplateRefused
from paidup.customers.models import ContactLink
from paidup.organizations.models import Organization
from paidup.portal_access.wording import Wording, invitation

from .list_forms import CountedForm


class WordingForm(forms.Form):
    """The invitation's e-mail, which may be changed before it is sent."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=5000,
        widget=forms.Textarea({"rows": 9}),
    )

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        """Begins with the usual words."""
        super().__init__(*args, **options)
        usual = invitation(organization.language)
        self.fields["subject"].initial, self.fields["body"].initial = usual.subject, usual.body
        names = ", ".join(
            f"{{{{ {one.name} }}}}" for one in variables.variables(Purpose.INVITATION)
        )
        self.fields["body"].help_text = (
            _("The button with the link comes below it. You can use %s.") % names
        )

    def clean(self) -> dict[str, Any]:
        """Refuses a variable that isn't known."""
        cleaned = super().clean() or {}
        try:
            variables.check(
                subject=cleaned.get("subject", ""),
                body=cleaned.get("body", ""),
                purpose=Purpose.INVITATION,
            )
        except TemplateRefused as refusal:
            self.add_error(None, str(refusal))
        return cleaned

    def wording(self) -> Wording:
        """As it was sent."""
        return Wording(self.cleaned_data["subject"], self.cleaned_data["body"])


class InvitationBatchForm(WordingForm, CountedForm):
    """The same, for many customers."""


class InvitationForm(WordingForm):
    """The same, with the people at a customer to whom it goes."""

    contacts = forms.MultipleChoiceField(
        label=gettext_lazy("Contacts"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose whom to invite.")},
    )
    field_order = ("contacts", "subject", "body")

    def __init__(
        self, *args: Any, links: list[ContactLink], chosen: str = "", **options: Any
    ) -> None:
        """Those with an address; chosen is one of them, else the first."""
        super().__init__(*args, **options)
        self.links = {str(link.contact_id): link for link in links if link.contact.email}
        people = self.fields["contacts"]
        people.choices = [  # type: ignore[attr-defined]  # a choice field
            (key, f"{link.contact.name} – {link.contact.email}") for key, link in self.links.items()
        ]
        people.initial = [chosen] if chosen in self.links else list(self.links)[:1]

    def invited(self) -> list[ContactLink]:
        """The places of the chosen."""
        return [self.links[key] for key in self.cleaned_data["contacts"]]

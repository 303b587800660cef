"""The forms about a person's places at customers."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.customers import search
from paidup.customers.duplicates import contacts_reached_by
from paidup.customers.models import Contact, Customer
from paidup.organizations.models import Organization
from paidup.ui.asking import AskingForm

from .forms import PlaceForm, RoleForm


class _CustomerField(forms.CharField):
    """A customer, by account number or name."""

    def __init__(self, organization: Organization) -> None:
        super().__init__(
            label=_("Customer"),
            max_length=200,
            help_text=_("Its account number or its name."),
            widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        )
        self.organization = organization

    def clean(self, value: Any) -> Any:
        """Return the customer that is meant; more than one, or none, is refused."""
        text = super().clean(value)
        rows = Customer.objects.visible(self.organization).select_related("entity")
        found = list(rows.filter(number=text)[:2]) or list(
            rows.filter(sort_name=search.fold(text))[:2]
        )
        if not found:
            raise forms.ValidationError(
                _("%s is neither the account number nor the name of a customer.") % text
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several customers are called %s; give the account number.") % text
            )
        return found[0]


class NewPlaceForm(AskingForm, PlaceForm):
    """A new person at a customer; asks about those it may be already."""

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        """Keep whose people are asked about."""
        super().__init__(*args, **options)
        self.organization = organization

    def questions(self) -> Iterator[str]:
        """Whether it is somebody who has that address."""
        for contact in contacts_reached_by(self.cleaned_data["email"]):
            yield format_html(
                _(
                    '<a href="{url}" target="_blank">{name}</a> has this address already and can'
                    " be linked to more than one customer."
                ),
                url=reverse("contact", args=[self.organization.slug, contact.id]),
                name=contact.name,
            )


class NewContactForm(NewPlaceForm):
    """A new person, and the customer whose contact it is."""

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        """The customer comes first."""
        super().__init__(*args, organization=organization, **options)
        self.fields["customer"] = _CustomerField(organization)
        self.order_fields(["customer", "name", "email", "phone", "language", "role", "messages"])


class LinkForm(RoleForm):
    """One more customer of a known person, with the place there."""

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        """The customer comes first."""
        super().__init__(*args, **options)
        self.fields["customer"] = _CustomerField(organization)
        self.order_fields(["customer", "role", "messages"])


class MergeForm(forms.Form):
    """Which of some contacts stays; the others become part of it."""

    keep = forms.ModelChoiceField(
        Contact.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose the contact to keep."),
            "invalid_choice": gettext_lazy(
                "A contact you chose was merged meanwhile; look at the list again."
            ),
        },
    )

    def __init__(
        self, *args: Any, organization: Organization, chosen: Iterable[Contact], **options: Any
    ) -> None:
        """One of those chosen."""
        super().__init__(*args, **options)
        keep = self.fields["keep"]
        assert isinstance(keep, forms.ModelChoiceField)  # noqa: S101  declared above
        keep.queryset = Contact.objects.visible(organization).filter(
            id__in=[one.id for one in chosen]
        )

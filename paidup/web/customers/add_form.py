"""The form of a new customer."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from paidup.customers import rules
from paidup.customers.duplicates import likely_duplicates
from paidup.lib import tenancy
from paidup.organizations.models import Entity, Organization
from paidup.organizations.states import FieldSubject
from paidup.ui.asking import AskingForm
from paidup.web.fields import FieldsForm

from .forms import MemberField, country_field


class AddForm(AskingForm, FieldsForm):
    """A new customer with its first contact; asks about those it may be already."""

    name = forms.CharField(label=gettext_lazy("Display Name"), max_length=rules.LONGEST_NAME)
    number = forms.CharField(
        label=gettext_lazy("Account Number"),
        max_length=rules.LONGEST_NUMBER,
        required=False,
        help_text=gettext_lazy("Left empty, the next one of your series."),
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Billing Contact"), max_length=rules.LONGEST_CONTACT_NAME, required=False
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=rules.LONGEST_EMAIL, required=False
    )
    billing_address = forms.CharField(
        label=gettext_lazy("Billing Address"),
        required=False,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )
    terms_days = forms.IntegerField(
        label=gettext_lazy("Payment terms in days"),
        min_value=0,
        max_value=rules.MOST_TERMS_DAYS,
        initial=30,
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        max_length=3,
        required=False,
        help_text=gettext_lazy("Left empty, that of the entity that bills."),
    )

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        """Several entities are a choice; one is none."""
        super().__init__(*args, **options)
        self.slug = organization.slug
        entities = Entity.objects.of(organization).order_by("name")
        first = entities.order_by("id")[0]  # the one it was founded with
        self.fields["phone"] = PhoneNumberField(
            label=_("Phone Number"), required=False, region=first.country
        )
        self.fields["billing_country"] = country_field(first.country)
        self.fields["billing_owner"] = MemberField(
            organization=organization,
            label=_("Billing Owner"),
            required=False,
            empty_label=_("Default owner"),
        )
        if len(entities) > 1:
            self.fields["entity"] = forms.ModelChoiceField(
                entities, label=_("Billed by"), initial=first, empty_label=None
            )
        self.only_entity = first
        self.add_custom_fields(FieldSubject.CUSTOMER)
        if limited := tenancy.limited_to():
            # A number that is taken would tell of customers that are not seen.
            del self.fields["number"]
            self.fields["billing_owner"].initial = limited

    def questions(self) -> Iterator[str]:
        """Whether it is one of those that are alike."""
        given = self.cleaned_data
        for customer in likely_duplicates(
            entity_id=given.get("entity", self.only_entity).id,
            name=given["name"],
            email=given["contact_email"],
            phone=given["phone"],
        ):
            yield format_html(
                _(
                    '<a href="{url}" target="_blank">{name}</a>, {number}, is here already; add'
                    " another one?"
                ),
                url=reverse("customer", args=[self.slug, customer.id]),
                name=customer.name,
                number=customer.number,
            )

    def clean_currency(self) -> str:
        """Return the code, in capitals."""
        code = str(self.cleaned_data["currency"])
        try:
            return rules.currency(code) if code else ""
        except rules.BadDetail as bad:
            raise forms.ValidationError(str(bad)) from None

    def clean_phone(self) -> str:
        """Return the number as it is stored."""
        return str(self.cleaned_data["phone"] or "")

    def details(self) -> dict[str, Any]:
        """What `add_customer` takes."""
        return {"entity": self.only_entity} | self.own_data() | {"fields": self.given()}

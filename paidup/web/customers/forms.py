"""The forms about a customer itself and the people there."""

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries
from phonenumber_field.formfields import PhoneNumberField

from paidup.customers import rules
from paidup.customers.models import Contact, ContactLink, Customer, CustomerValue
from paidup.customers.operations import ContactDetails, Details, LinkDetails
from paidup.customers.states import ContactRole
from paidup.customers.visibility import colleagues
from paidup.lib import tenancy
from paidup.organizations.field_values import values_of
from paidup.organizations.models import InvoiceTemplate, Member, Organization
from paidup.organizations.queries import default_template
from paidup.organizations.states import OFFERED, FieldSubject
from paidup.ui.names import LANGUAGES
from paidup.web.fields import FieldsForm

MESSAGES = {
    "gets_invoices": gettext_lazy("Invoices"),
    "gets_reminders": gettext_lazy("Reminders"),
    "gets_statements": gettext_lazy("Statements"),
    "gets_receipts": gettext_lazy("Receipts"),
}


class MemberField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One of the organization's active members."""

    def __init__(self, *, organization: Organization, **options: Any) -> None:
        """By name."""
        members = Member.objects.of(organization).filter(active=True).order_by("name")
        super().__init__(members, **options)


class EditForm(FieldsForm):
    """All that may be changed of a customer."""

    name = forms.CharField(label=gettext_lazy("Display Name"), max_length=rules.LONGEST_NAME)
    number = forms.CharField(label=gettext_lazy("Account Number"), max_length=rules.LONGEST_NUMBER)
    terms_days = forms.IntegerField(
        label=gettext_lazy("Payment terms in days"), min_value=0, max_value=rules.MOST_TERMS_DAYS
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    billing_address = forms.CharField(
        label=gettext_lazy("Billing Address"), required=False, widget=forms.Textarea({"rows": 3})
    )
    shipping_address = forms.CharField(
        label=gettext_lazy("Shipping Address"), required=False, widget=forms.Textarea({"rows": 3})
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        help_text=gettext_lazy("Separate several by commas."),
    )
    parent = forms.CharField(
        label=gettext_lazy("Parent customer"),
        required=False,
        help_text=gettext_lazy("Its account number."),
    )

    def __init__(
        self, *args: Any, customer: Customer, only: Collection[str] = (), **options: Any
    ) -> None:
        """Filled in with what is known; `only` these fields where some are named."""
        options["initial"] = _known(customer)
        super().__init__(*args, **options)
        self.customer = customer
        self.visible_parent = visible_parent(customer)
        self.fields["number"].disabled = tenancy.limited_to() is not None
        organization, country = customer.organization, customer.entity.country
        self.fields["phone"] = PhoneNumberField(
            label=_("Phone Number"), required=False, region=country
        )
        self.fields["billing_country"] = country_field()
        for name, label in (
            ("account_manager", _("Account Manager")),
            ("sales_rep", _("Sales Rep")),
            ("manager", _("Manager")),
        ):
            self.fields[name] = MemberField(
                organization=organization, label=label, required=False, empty_label=_("Nobody")
            )
        self.fields["payment_kinds"] = _kinds(customer)
        self.fields["invoice_template"] = forms.ModelChoiceField(
            InvoiceTemplate.objects.of(organization).filter(removed=False).order_by("name"),
            label=_("Default Invoice Template"),
            required=False,
            empty_label=_("The default: %s") % default_template(organization).name,
        )
        known = values_of(CustomerValue, [customer.id])[customer.id]
        self.add_custom_fields(FieldSubject.CUSTOMER, known)
        if only:
            self.fields = {name: field for name, field in self.fields.items() if name in only}

    def clean_tags(self) -> list[str]:
        """Return each tag once, in the order written."""
        return rules.tags(self.cleaned_data["tags"])

    def clean_phone(self) -> str:
        """Return the number as it is stored."""
        return str(self.cleaned_data["phone"] or "")

    def clean_parent(self) -> Customer | None:
        """Return the customer of that number."""
        number = self.cleaned_data["parent"].strip()
        if not number:
            # One that isn't seen stays.
            return None if self.visible_parent else self.customer.parent
        rows = Customer.objects.visible(self.customer.organization_id)
        parent = rows.filter(number=number, entity_id=self.customer.entity_id).first()
        if parent is None:
            raise forms.ValidationError(_("No customer has the account number %s.") % number)
        return parent

    def details(self) -> Details:
        """What `edit_customer` takes."""
        return cast("Details", self.own_data())


class OwnerForm(forms.Form):
    """Who is responsible for the customer."""

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """The present one is chosen."""
        super().__init__(*args, **options)
        self.fields["owner"] = MemberField(
            organization=customer.organization,
            label=_("Billing Owner"),
            initial=customer.billing_owner_id,
            empty_label=None,
        )


class LateFeesForm(forms.Form):
    """Whether late fees are charged to the customer."""

    late_fees = forms.TypedChoiceField(
        label=gettext_lazy("Late Fees"),
        choices=[("yes", gettext_lazy("Enabled")), ("no", gettext_lazy("Disabled"))],
        coerce=lambda text: text == "yes",
    )

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """With what stands now."""
        options["initial"] = {"late_fees": "yes" if customer.late_fees else "no"}
        super().__init__(*args, **options)


class TodoForm(forms.Form):
    """A task for somebody."""

    title = forms.CharField(label=gettext_lazy("Task"), max_length=300)
    due_on = forms.DateField(
        label=gettext_lazy("Due"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """The billing owner does it unless another is chosen."""
        super().__init__(*args, **options)
        self.fields["assignee"] = forms.ModelChoiceField(
            colleagues(customer),
            label=_("Assign to"),
            initial=customer.billing_owner_id,
            empty_label=None,
        )


class ContactForm(forms.Form):
    """A person; with a customer also the place there."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=rules.LONGEST_CONTACT_NAME, required=False
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=rules.LONGEST_EMAIL, required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)

    def __init__(
        self, *args: Any, region: str, contact: Contact | None = None, **options: Any
    ) -> None:
        """Filled in with what is known of the contact."""
        known = {"language": "en"}
        if contact:
            known = {name: getattr(contact, name) for name in ("name", "email", "language")}
            known["phone"] = str(contact.phone)
        options["initial"] = known | options.get("initial", {})
        super().__init__(*args, **options)
        self.fields["phone"] = PhoneNumberField(
            label=_("Phone Number"), required=False, region=region
        )
        self.order_fields(["name", "email", "phone", "language"])

    def clean_phone(self) -> str:
        """Return the number as it is stored."""
        return str(self.cleaned_data["phone"] or "")

    def details(self) -> ContactDetails:
        """What `edit_contact` takes of the person."""
        return ContactDetails(
            name=self.cleaned_data["name"],
            email=self.cleaned_data["email"],
            phone=self.cleaned_data["phone"],
            language=self.cleaned_data["language"],
        )


class RoleForm(forms.Form):
    """A person's place at one customer: the role, and which messages go there."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=ContactRole.choices, initial=ContactRole.BILLING
    )
    messages = forms.MultipleChoiceField(
        label=gettext_lazy("Receives"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=MESSAGES,
        initial=list(MESSAGES),
    )

    def link_details(self) -> LinkDetails:
        """What is stored of the place."""
        chosen = self.cleaned_data["messages"]
        return LinkDetails(
            role=self.cleaned_data["role"],
            gets_invoices="gets_invoices" in chosen,
            gets_reminders="gets_reminders" in chosen,
            gets_statements="gets_statements" in chosen,
            gets_receipts="gets_receipts" in chosen,
        )


class PlaceForm(ContactForm, RoleForm):
    """A person and the place at one customer; a new one receives everything."""

    def __init__(self, *args: Any, link: ContactLink | None = None, **options: Any) -> None:
        """Filled in with what is known."""
        if link:
            options["initial"] = {
                "role": link.role,
                "messages": [name for name in MESSAGES if getattr(link, name)],
            }
        super().__init__(*args, contact=link.contact if link else None, **options)
        self.order_fields(["name", "email", "phone", "language", "role", "messages"])


def _kinds(customer: Customer) -> forms.MultipleChoiceField:
    """Those that the organization takes, and the customer's own."""
    taken = {*customer.organization.payment_kinds, *customer.payment_kinds}
    return forms.MultipleChoiceField(
        label=_("Preferred Payment Methods"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, kind.label) for kind in OFFERED if kind in taken],
        help_text=_("What it may pay with. None chosen: with all that you take."),
    )


def country_field(initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=[("", "–"), *countries],
        initial=initial,
    )


def visible_parent(customer: Customer) -> Customer | None:
    """The customer's parent, if it has one and whoever looks sees it."""
    if customer.parent_id is None:
        return None
    return Customer.objects.visible(customer.organization_id).filter(id=customer.parent_id).first()


def _known(customer: Customer) -> dict[str, Any]:
    same = (
        "name",
        "number",
        "terms_days",
        "language",
        "billing_address",
        "billing_country",
        "shipping_address",
        "account_manager",
        "sales_rep",
        "manager",
        "payment_kinds",
        "invoice_template",
    )
    return {name: getattr(customer, name) for name in same} | {
        "phone": str(customer.phone),
        "tags": ", ".join(customer.tags),
        "parent": parent.number if (parent := visible_parent(customer)) else "",
    }

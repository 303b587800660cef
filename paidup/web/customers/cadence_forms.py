"""The forms about which cadence customers have."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from paidup.cadences.models import Assignment, Cadence, InvoiceAssignment, LinkAssignment
from paidup.cadences.queries import standing
from paidup.customers.models import ContactLink, Customer
from paidup.invoicing.models import Invoice
from paidup.lib import tenancy
from paidup.organizations.models import Organization

from .act_forms import in_words
from .list_forms import CountedForm

DEFAULT = "default"
NONE = "none"


class CadenceField(forms.ChoiceField):
    """One of the organization's cadences, or the default one, whichever that is.

    Without a first choice nothing is chosen until somebody does.
    """

    def __init__(self, *, organization: Organization, initial: str = "") -> None:
        """The default one first, and also by its own name."""
        rows = list(standing(organization))
        default = next((cadence.name for cadence in rows if cadence.default), "–")
        super().__init__(
            choices=[
                *([] if initial else [("", _("Choose a cadence"))]),
                (DEFAULT, _("The default one: %s") % default),
                *((str(cadence.id), cadence.name) for cadence in rows),
            ],
            label=_("Cadence"),
            initial=initial,
            help_text=_("With the default one it changes whenever another becomes the default."),
        )


class CadenceForm(forms.Form):
    """Which cadence the customer has."""

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """The present one is chosen."""
        super().__init__(*args, **options)
        self.organization = customer.organization
        own = Assignment.objects.visible(self.organization).filter(customer=customer).first()
        present = str(own.cadence_id or "") if own else DEFAULT
        self.fields["cadence"] = CadenceField(organization=self.organization, initial=present)

    def cadence(self) -> Cadence | None:
        """What `change_cadences` takes."""
        chosen = self.cleaned_data["cadence"]
        rows = Cadence.objects.of(self.organization)
        return None if chosen == DEFAULT else rows.get(id=chosen)


class OwnCadenceField(forms.ChoiceField):
    """One of the organization's cadences, or none of one's own; for an invoice also none at all."""

    def __init__(
        self, *, organization: Organization, above: str, removable: bool, initial: str = ""
    ) -> None:
        """`above` says what holds without an own one."""
        rows = standing(organization)
        super().__init__(
            choices=[
                *([] if initial else [("", _("Choose a cadence"))]),
                (DEFAULT, above),
                *((str(cadence.id), cadence.name) for cadence in rows),
                *([(NONE, _("None: out of chasing"))] if removable else []),
            ],
            label=_("Cadence"),
            initial=initial,
        )


class OwnCadenceForm(forms.Form):
    """Which cadence an invoice or a person has beside the customer's."""

    def __init__(
        self,
        *args: Any,
        customer: Customer,
        above: str,
        own: InvoiceAssignment | LinkAssignment | None,
        removable: bool = False,
        **options: Any,
    ) -> None:
        """The present one is chosen."""
        super().__init__(*args, **options)
        self.fields["cadence"] = OwnCadenceField(
            organization=customer.organization,
            above=above,
            removable=removable,
            initial=str(own.cadence_id or NONE) if own else DEFAULT,
        )

    def cadence(self) -> Cadence | None:
        """The chosen one, if one is."""
        return chosen_cadence(self.cleaned_data["cadence"])


class AssignForm(forms.Form):
    """Which contact or open invoice of a customer gets which cadence."""

    def __init__(
        self,
        *args: Any,
        customer: Customer,
        links: Iterable[ContactLink],
        invoices: Iterable[Invoice],
        **options: Any,
    ) -> None:
        """Those of them that whoever asks may change."""
        super().__init__(*args, **options)
        self.links = {str(link.id): link for link in links}
        self.invoices = {str(invoice.id): invoice for invoice in invoices}
        people = [(key, link.contact.name) for key, link in self.links.items()]
        documents = [(key, in_words(invoice)) for key, invoice in self.invoices.items()]
        groups = [(_("Contacts"), people), (_("Open invoices"), documents)]
        self.fields["of"] = forms.ChoiceField(
            label=_("Contact or invoice"),
            choices=[("", _("Choose a contact or an invoice")), *filter(itemgetter(1), groups)],
        )
        self.fields["cadence"] = OwnCadenceField(
            organization=customer.organization,
            above=_("None of its own"),
            removable=bool(documents),
        )

    def clean(self) -> dict[str, Any]:
        """People are not taken out of chasing here: which messages they receive says that."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("of") in self.links and cleaned.get("cadence") == NONE:
            self.add_error(
                "cadence",
                _("A contact who is to get no reminders has them unticked among its messages."),
            )
        return cleaned

    def cadence(self) -> Cadence | None:
        """The chosen one, if one is."""
        return chosen_cadence(self.cleaned_data["cadence"])


def chosen_cadence(value: str) -> Cadence | None:
    """The cadence of that choice; of the others none."""
    if value in {DEFAULT, NONE}:
        return None
    return Cadence.objects.of(tenancy.current()).get(id=value)


class CadenceBatchForm(CountedForm):
    """Which cadence many customers are to have."""

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        """Any of them."""
        super().__init__(*args, **options)
        self.fields["cadence"] = CadenceField(organization=organization)

    def settings(self) -> dict[str, str]:
        """The cadence's id; empty for the default one."""
        chosen = self.cleaned_data["cadence"]
        return {"cadence": "" if chosen == DEFAULT else chosen}

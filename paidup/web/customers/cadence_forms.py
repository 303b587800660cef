"""The forms about which cadence customers have."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from paidup.cadences.models import Assignment, Cadence
from paidup.cadences.queries import standing
from paidup.customers.models import Customer
from paidup.organizations.models import Organization

from .forms import CountedForm


class CadenceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One of the organization's cadences; without one the default, whichever that is."""

    def __init__(self, *, organization: Organization, **options: Any) -> None:
        """The default one first, also by its own name."""
        rows = standing(organization)
        default = next((str(cadence) for cadence in rows if cadence.default), "–")
        super().__init__(
            rows,
            label=_("Cadence"),
            required=False,
            empty_label=_("The default one: %s") % default,
            help_text=_("With the default one it changes whenever you make another the default."),
            **options,
        )


class CadenceForm(forms.Form):
    """Which cadence the customer has."""

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """The present one is chosen."""
        super().__init__(*args, **options)
        rows = Assignment.objects.visible(customer.organization_id)
        own = rows.filter(customer=customer).values_list("cadence_id", flat=True).first()
        self.fields["cadence"] = CadenceField(organization=customer.organization, initial=own)


class CadenceBatchForm(CountedForm):
    """Which cadence many customers are to have."""

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        """Any of them."""
        super().__init__(*args, **options)
        self.fields["cadence"] = CadenceField(organization=organization)

    def settings(self) -> dict[str, str]:
        """The cadence's id; empty for the default one."""
        cadence: Cadence | None = self.cleaned_data["cadence"]
        return {"cadence": str(cadence.id) if cadence else ""}

"""The forms about which cadence customers have."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from paidup.cadences.models import Assignment, Cadence
from paidup.cadences.queries import standing
from paidup.customers.models import Customer
from paidup.organizations.models import Organization

from .list_forms import CountedForm

DEFAULT = "default"


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

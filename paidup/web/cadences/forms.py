"""The forms about cadences and their steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.cadences.models import Cadence, Step
from paidup.cadences.operations import StepDetails
from paidup.cadences.operations.arrange import MOST_GAP_DAYS
from paidup.cadences.operations.steps import MOST_DAYS
from paidup.cadences.queries import standing
from paidup.cadences.states import StepMode
from paidup.communications.models import MessageTemplate
from paidup.communications.states import Purpose
from paidup.organizations.models import Organization

AFTER, BEFORE = "after", "before"


class AddCadenceForm(forms.Form):
    """A new cadence, which begins as another one is."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        """The default one unless another is chosen."""
        super().__init__(*args, **options)
        rows = standing(organization)
        self.fields["copy_of"] = forms.ModelChoiceField(
            rows,
            label=_("Copy of"),
            initial=rows.first(),
            empty_label=None,
            help_text=_("It begins with the same steps, which you then change."),
        )


class CadenceForm(forms.Form):
    """What a cadence is called, and how often it may remind a person."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    gap_days = forms.IntegerField(
        label=gettext_lazy("Days between reminders"),
        min_value=1,
        max_value=MOST_GAP_DAYS,
        help_text=gettext_lazy("To one person, whichever invoices they are about."),
    )

    def __init__(self, *args: Any, cadence: Cadence, **options: Any) -> None:
        """Filled in with what is known."""
        options["initial"] = {"name": cadence.name, "gap_days": cadence.gap_days}
        super().__init__(*args, **options)


class StepForm(forms.Form):
    """When a step comes, with which template, and whether somebody is asked first."""

    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=0, max_value=MOST_DAYS)
    side = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[
            (AFTER, gettext_lazy("After the due date")),
            (BEFORE, gettext_lazy("Before the due date")),
        ],
    )
    mode = forms.ChoiceField(label=gettext_lazy("Sending"), choices=StepMode.choices)

    def __init__(
        self, *args: Any, organization: Organization, step: Step | None = None, **options: Any
    ) -> None:
        """Filled in with what is known of the step."""
        if step:
            options["initial"] = {
                "days": abs(step.days),
                "side": BEFORE if step.days < 0 else AFTER,
                "template": step.template_id,
                "mode": step.mode,
            }
        super().__init__(*args, **options)
        templates = MessageTemplate.objects.of(organization).filter(purpose=Purpose.REMINDER)
        self.fields["template"] = forms.ModelChoiceField(
            templates.order_by("name"), label=_("Template"), empty_label=None
        )
        self.order_fields(["days", "side", "template", "mode"])

    def details(self) -> StepDetails:
        """What `add_step` and `edit_step` take."""
        days, before = self.cleaned_data["days"], self.cleaned_data["side"] == BEFORE
        return StepDetails(
            days=-days if before else days,
            template=self.cleaned_data["template"],
            mode=StepMode(self.cleaned_data["mode"]),
        )

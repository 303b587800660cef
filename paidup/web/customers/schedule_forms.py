"""The form of an Auto Pay Schedule."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.autopay.models import Interval, Schedule
from paidup.customers.models import Customer
from paidup.ui.amounts import AmountField

_DAY = {"type": "date"}


class ScheduleForm(forms.Form):
    """When open invoices are charged."""

    interval = forms.ChoiceField(
        label=gettext_lazy("Interval"),
        choices=Interval.choices,
        help_text=gettext_lazy("How often open invoices are charged automatically."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these weekdays"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (0, gettext_lazy("Monday")),
            (1, gettext_lazy("Tuesday")),
            (2, gettext_lazy("Wednesday")),
            (3, gettext_lazy("Thursday")),
            (4, gettext_lazy("Friday")),
            (5, gettext_lazy("Saturday")),
            (6, gettext_lazy("Sunday")),
        ],
    )
    days = forms.CharField(
        label=gettext_lazy("Days"),
        required=False,
        help_text=gettext_lazy(
            "Monthly: days of the month, such as 1, 15. Every N days: that number."
        ),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("End Date"), required=False, widget=forms.DateInput(_DAY)
    )
    due_only = forms.BooleanField(label=gettext_lazy("Charge Due Invoices Only"), required=False)
    own_invoices_only = forms.BooleanField(
        label=gettext_lazy("Do not charge sub-accounts"), required=False
    )

    def __init__(
        self,
        *args: Any,
        customer: Customer,
        on: date,
        schedule: Schedule | None,
        **options: Any,
    ) -> None:
        """Filled in with the schedule that stands."""
        self.schedule = schedule
        options["initial"] = _known(schedule)
        super().__init__(*args, **options)
        self.fields["starts_on"] = forms.DateField(
            label=_("Start Date"),
            initial=schedule.starts_on if schedule else on,
            widget=forms.DateInput(_DAY),
        )
        self.fields["maximum"] = AmountField(
            currency=customer.currency,
            label=_("Maximum per charge"),
            required=False,
            help_text=_("With a maximum, invoices in another currency are not charged."),
        )

    def clean_days(self) -> list[int]:
        """Return the numbers written."""
        written = str(self.cleaned_data["days"]).replace(",", " ").split()
        if not all(number.isdecimal() and len(number) < 5 for number in written):
            raise forms.ValidationError(_("Write numbers, such as 1, 15."))
        return [int(number) for number in written]

    def details(self) -> dict[str, Any]:
        """What `set_schedule` takes."""
        details = dict(self.cleaned_data)
        weekdays, days = details.pop("weekdays"), details.pop("days")
        interval = Interval(details.pop("interval"))
        return details | {
            "interval": interval,
            "days": weekdays if interval is Interval.WEEKLY else days,
        }


def _known(schedule: Schedule | None) -> dict[str, Any]:
    if schedule is None:
        return {
            "interval": Interval.MONTHLY,
            "days": "1",
            "due_only": True,
            "own_invoices_only": True,
        }
    weekly = schedule.interval == Interval.WEEKLY
    return {
        "interval": schedule.interval,
        "weekdays": schedule.days if weekly else [],
        "days": "" if weekly else ", ".join(map(str, schedule.days)),
        "ends_on": schedule.ends_on,
        "due_only": schedule.due_only,
        "own_invoices_only": schedule.own_invoices_only,
        "maximum": schedule.maximum,
    }

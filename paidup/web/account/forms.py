"""What an administrator sets for the whole organization."""

from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils.translation import gettext_lazy as _

from paidup.lib import formatting


def day_names() -> list[str]:
    """The days of the week as the viewer's language names them, Monday first."""
    names = get_day_names("wide", locale=formatting.locale())
    return [names[day] for day in range(7)]


def hours() -> list[tuple[int, str]]:
    """The hours of a day, written as in 24-hour time."""
    return [(hour, f"{hour:02d}:00") for hour in range(24)]


class DeliveryWindowForm(forms.Form):
    """On which days, and from which hour to which, automatic messages leave."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    from_hour = forms.TypedChoiceField(label=_("From"), coerce=int)
    to_hour = forms.TypedChoiceField(
        label=_("To"),
        coerce=int,
        help_text=_("The last hour in which sending starts: with 17:00 the last leaves at 17:59."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Name the days and hours in the viewer's language."""
        super().__init__(*args, **options)
        choices: dict[str, list[tuple[int, str]]] = {
            "days": list(enumerate(day_names())),
            "from_hour": hours(),
            "to_hour": hours(),
        }
        for name, given in choices.items():
            self.fields[name].choices = given  # type: ignore[attr-defined]  # all are choices

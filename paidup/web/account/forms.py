"""What an administrator sets for the whole organization."""

from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from paidup.lib import formatting, money
from paidup.organizations.models import LONGEST_MEMBER_NAME, Member, Role
from paidup.organizations.roles import RoleDetails
from paidup.organizations.states import Level, LimitedAction, Module, ReadyRole


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


class RoleForm(forms.Form):
    """A role's name, which customers it sees, and its level in each module."""

    name = forms.CharField(label=_("Name"), max_length=60)
    access = forms.ChoiceField(
        label=_("Data access"),
        choices=[
            ("full", _("Full: all customers")),
            ("limited", _("Limited: only customers of which the member is an owner")),
        ],
        widget=forms.RadioSelect,
        initial="full",
    )

    def __init__(
        self, *args: Any, like: Role | None, currency: str, name: str = "", **options: Any
    ) -> None:
        """Filled in as the role that it is, or is to be like."""
        known: dict[str, Any] = {"name": name}
        if like:
            known["access"] = "limited" if like.limited else "full"
            known |= {str(module): like.level(module).value for module in Module}
            known |= {f"{action}_limit": like.limit(action) for action in LimitedAction}
        self.currency = (like and like.limit_currency) or currency
        options["initial"] = known
        super().__init__(*args, **options)
        for module in Module:
            self.fields[module] = forms.TypedChoiceField(
                label=module.label,
                choices=Level.choices,
                coerce=lambda text: Level(int(text)),
                initial=Level.VIEW.value,
                widget=forms.RadioSelect,
            )
        for action, label in (
            (LimitedAction.CREDIT, _("Credits up to")),
            (LimitedAction.REFUND, _("Refunds up to")),
        ):
            self.fields[f"{action}_limit"] = forms.DecimalField(
                label=label,
                required=False,
                min_value=0,
                max_digits=15,
                decimal_places=money.exponent(self.currency),
                help_text=gettext(
                    "In %s, without anybody's approval. Empty for any amount; in other currencies "
                    "each needs approval once there is a limit."
                )
                % self.currency,
            )

    @property
    def limits(self) -> list[forms.BoundField]:
        """The fields of what may be granted alone."""
        return [self[f"{action}_limit"] for action in LimitedAction]

    @property
    def levels(self) -> list[forms.BoundField]:
        """The modules' fields, which stand in a table."""
        return [self[module] for module in Module]

    def details(self) -> RoleDetails:
        """What `add_role` and `edit_role` take."""
        return RoleDetails(
            name=self.cleaned_data["name"],
            limited=self.cleaned_data["access"] == "limited",
            levels={module: self.cleaned_data[module] for module in Module},
            limits={
                action: limit
                for action in LimitedAction
                if (limit := self.cleaned_data[f"{action}_limit"]) is not None
            },
            limit_currency=self.currency,
        )


class _RoleChoiceForm(forms.Form):
    """With a field of which role somebody has."""

    def __init__(self, *args: Any, roles: list[Role], chosen: str = "", **options: Any) -> None:
        """Choose among these."""
        super().__init__(*args, **options)
        self.roles = {str(role.id): role for role in roles}
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"),
            choices=[(key, str(role)) for key, role in self.roles.items()],
            initial=chosen,
        )

    def clean_role(self) -> Role:
        """Return the role itself."""
        return self.roles[self.cleaned_data["role"]]


class MemberRoleForm(_RoleChoiceForm):
    """Which role a member has."""

    def __init__(self, *args: Any, member: Member, roles: list[Role], **options: Any) -> None:
        """The present one is chosen."""
        super().__init__(*args, roles=roles, chosen=str(member.role_id), **options)


class InvitationForm(_RoleChoiceForm):
    """Who is invited, and to what."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_MEMBER_NAME)
    email = forms.EmailField(label=_("E-mail"))

    def __init__(self, *args: Any, roles: list[Role], **options: Any) -> None:
        """The last of the ready roles, which allows least, is chosen."""
        viewer = next((str(role.id) for role in roles if role.ready == ReadyRole.VIEWER), "")
        super().__init__(*args, roles=roles, chosen=viewer, **options)
        self.order_fields(["name", "email", "role"])


class ActivityForm(forms.Form):
    """Whether somebody is to be a member."""

    to = forms.TypedChoiceField(
        choices=[("on", ""), ("off", "")],
        coerce=lambda text: text == "on",
        widget=forms.HiddenInput,
    )

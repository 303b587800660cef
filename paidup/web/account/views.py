"""The organization, its people, and when its messages leave."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from paidup.communications.operations import WindowRefused, set_delivery_window
from paidup.communications.queries import delivery_hours
from paidup.correspondence.queries import templates
from paidup.invoicing.queries import collection_statuses
from paidup.late_fees.queries import rules
from paidup.organizations.models import Entity, NumberSeries
from paidup.organizations.states import FieldSubject, Module
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.field_filters import asked_fields, controls

from .fields import field_groups
from .forms import DeliveryWindowForm, day_names
from .invitations import invitation_lines
from .invoice_templates import kind_lines, template_lines
from .late_fee_forms import rule_line
from .members import member_lines
from .roles import role_lines


@dataclass(frozen=True)
class Tab:
    """A part of the account."""

    key: str
    label: str | Promise
    count: int | None = None


TABS = (
    Tab("company", _("Company Profile")),
    Tab("members", _("Members")),
    Tab("roles", _("Roles")),
    Tab("fields", _("Custom Fields")),
    Tab("collection", _("Collection")),
    Tab("late_fees", _("Late Fees")),
    Tab("payments", _("Payments")),
    Tab("invoice_templates", _("Invoice Templates")),
    Tab("communication", _("Communication")),
    Tab("templates", _("E-mail Templates")),
)


@may(Module.ACCOUNT, VIEW)
@require_safe
def account(request: StaffRequest) -> HttpResponse:
    """What is set for the organization."""
    asked = request.GET.get("tab", "")
    tab = asked if asked in {tab.key for tab in TABS} else TABS[0].key
    of = request.organization
    hours = delivery_hours(of)
    series = NumberSeries.objects.of(of).filter(kind="invoice").values_list("entity_id", "prefix")
    prefixes = dict(series)
    return render(
        request,
        "web/account/account.html",
        {
            "tabs": TABS,
            "tab": tab,
            "tab_template": f"web/account/{tab}.html",
            "portal": f"{of.slug}.{urlsplit(settings.BASE_URL).netloc}",
            "entities": [
                (entity, prefixes.get(entity.id, ""))
                for entity in Entity.objects.of(of).order_by("name")
            ],
            **(_members(request) if tab == "members" else {}),
            "roles": role_lines(of) if tab == "roles" else (),
            "groups": field_groups() if tab == "fields" else (),
            "statuses": collection_statuses() if tab == "collection" else (),
            "late_fee_rules": list(map(rule_line, rules())) if tab == "late_fees" else (),
            "kinds": kind_lines(of) if tab == "payments" else (),
            "invoice_templates": template_lines(of) if tab == "invoice_templates" else (),
            "mail_templates": templates() if tab == "templates" else (),
            "hours": hours,
            "days": [name for day, name in enumerate(day_names()) if day in hours.days],
            "may_administer": request.member.may(Module.ACCOUNT, EDIT),
        },
    )


def _members(request: StaffRequest) -> dict[str, object]:
    asked = asked_fields(request.GET, FieldSubject.MEMBER)
    return {
        "members": member_lines(request.organization, asked),
        "fields": controls(asked, FieldSubject.MEMBER),
        "filters_set": len(asked),
        "invitations": invitation_lines(request),
    }


@may(Module.ACCOUNT, EDIT)
def delivery_window(request: StaffRequest) -> HttpResponse:
    """Sets the days and hours in which automatic messages leave."""
    hours = delivery_hours(request.organization)
    form = DeliveryWindowForm(
        request.POST or None,
        initial={"days": hours.days, "from_hour": hours.from_hour, "to_hour": hours.to_hour},
    )
    if form.is_valid() and _set(request, form):
        messages.success(request, gettext("Automatic messages now leave in these hours."))
        url = reverse("account", args=[request.organization.slug], query={"tab": "communication"})
        return redirect(url)
    return render(
        request,
        "web/account/delivery_window.html",
        {"form": form, "timezone": request.organization.timezone},
        status=422 if form.is_bound else 200,
    )


def _set(request: StaffRequest, form: DeliveryWindowForm) -> bool:
    try:
        set_delivery_window(**form.cleaned_data, by=request.by, at=request.at)
    except WindowRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True

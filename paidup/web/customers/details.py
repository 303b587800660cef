"""Customer Details: what they say, and changing one of them where it stands."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from paidup.customers import operations as customers
from paidup.customers.models import Customer, CustomerValue
from paidup.customers.visibility import is_seen
from paidup.lib import tenancy
from paidup.organizations.models import Member
from paidup.organizations.paying import in_words
from paidup.organizations.states import Module
from paidup.ui.names import country, language
from paidup.ui.templatetags import paidup as ui
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done
from paidup.web.fields import PREFIX
from paidup.web.in_place import Detail, custom_details, find_detail

from .forms import EditForm, LateFeesForm, OwnerForm, visible_parent
from .lists import find

Says = Callable[[Customer], str]
OneForm = EditForm | LateFeesForm | OwnerForm


@may(Module.CUSTOMERS, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: StaffRequest, customer_id: UUID, name: str) -> HttpResponse:
    """One of them to be edited, or, with `shown`, as it stands; after a change as it stands now."""
    customer = find(request, customer_id)
    known = _known(customer, name)
    if "shown" in request.GET:
        return _answer(request, customer, known)
    form = _form(request, customer, name)
    next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    if form.is_valid() and done(form, lambda: _change(request, customer, form)):
        if not is_seen(customer):  # given away by this very change
            return redirect("customers", request.organization.slug)
        settings = reverse(
            "customer_payment_settings", args=[request.organization.slug, customer.id]
        )
        if request.htmx and request.htmx.current_url_abs_path == settings:
            return redirect(settings)  # the rest of that page follows from it
        return _answer(request, customer, _known(find(request, customer_id), name))
    return render(
        request,
        "web/customers/detail_form.html",
        {"detail": known, "form": form, "customer": customer},
        status=422 if form.is_bound else 200,
    )


def _change(request: StaffRequest, customer: Customer, form: OneForm) -> None:
    by, at = request.by, request.at
    if isinstance(form, OwnerForm):
        owner = form.cleaned_data["owner"]
        customers.change_owner(customer=customer, owner=owner, by=by, at=at)
    elif isinstance(form, LateFeesForm):
        charged = form.cleaned_data["late_fees"]
        customers.set_late_fees(customer=customer, charged=charged, by=by, at=at)
    else:
        fields, changed = form.given(), form.details()
        customers.edit_customer(customer=customer, by=by, at=at, fields=fields, **changed)


def _form(request: StaffRequest, customer: Customer, name: str) -> OneForm:
    sent, auto_id = request.POST or None, "detail_%s"  # beside a dialog with the same fields
    if name == "billing_owner":
        return OwnerForm(sent, customer=customer, auto_id=auto_id)
    if name == "late_fees":
        return LateFeesForm(sent, customer=customer, auto_id=auto_id)
    only = FIELDS.get(name, (name,))
    return EditForm(sent, customer=customer, only=only, auto_id=auto_id)


def details(customer: Customer) -> list[Detail]:
    """What is known of the account itself."""
    return _described(customer, DETAILS)


def owners(customer: Customer) -> list[Detail]:
    """Who is responsible for it, in which way. One statement."""
    ids = {role: getattr(customer, f"{role}_id") for role in OWNERS}
    members = Member.objects.of(customer.organization_id).in_bulk(set(ids.values()) - {None})
    for role, member_id in ids.items():
        setattr(customer, role, members.get(member_id))
    return _described(customer, OWNERS)


def addresses(customer: Customer) -> list[Detail]:
    """Where bills and goods go."""
    return _described(customer, ADDRESSES)


def paying(customer: Customer) -> list[Detail]:
    """What it may pay with, and what its invoices look like."""
    return _described(customer, PAYING)


def custom(customer: Customer) -> list[Detail]:
    """What the organization's own fields hold. One statement."""
    return custom_details(CustomerValue, customer.id)


def _described(customer: Customer, lines: Mapping[str, tuple[str | Promise, Says]]) -> list[Detail]:
    return [
        Detail(name, label, says(customer), _is_editable(name))
        for name, (label, says) in lines.items()
    ]


def _is_editable(name: str) -> bool:
    # A number that is taken would tell of customers that are not seen.
    return name != "number" or tenancy.limited_to() is None


def _known(customer: Customer, name: str) -> Detail:
    lines = _described(customer, DETAILS | OWNERS | ADDRESSES | PAYING)
    return find_detail(custom(customer) if name.startswith(PREFIX) else lines, name)


def _answer(request: StaffRequest, customer: Customer, known: Detail) -> HttpResponse:
    context = {"detail": known, "customer": customer, "focused": True}
    return render(request, "web/customers/detail.html", context)


def _phone(customer: Customer) -> str:
    if not customer.phone:
        return ""
    return format_html('<a href="tel:{}">{}</a>', customer.phone, customer.phone.as_international)


def _terms(customer: Customer) -> str:
    return ngettext("%d day", "%d days", customer.terms_days) % customer.terms_days


def _late_fees(customer: Customer) -> str:
    return gettext("Enabled") if customer.late_fees else gettext("Disabled")


def _parent(customer: Customer) -> str:
    parent = visible_parent(customer)
    if parent is None:
        return ""
    slug = customer.organization.slug
    return format_html('<a href="{}">{}</a>', reverse("customer", args=[slug, parent.id]), parent)


def _billing_address(customer: Customer) -> str:
    lines = (customer.billing_address, country(customer.billing_country))
    return linebreaksbr("\n".join(line for line in lines if line))


def _owner(role: str) -> Says:
    def says(customer: Customer) -> str:
        member: Member | None = getattr(customer, role)
        if member is None:
            return ""
        sign = ui.avatar(member.name)
        return format_html('<span class="person">{}{}</span>', sign, member.name)

    return says


DETAILS: dict[str, tuple[str | Promise, Says]] = {
    "number": (_("Account Number"), lambda customer: customer.number),
    "phone": (_("Phone Number"), _phone),
    "terms_days": (_("Terms"), _terms),
    "language": (_("Language"), lambda customer: language(customer.language)),
    "parent": (_("Parent customer"), _parent),
    "late_fees": (_("Late Fees"), _late_fees),
    "tags": (_("Tags"), lambda customer: ", ".join(customer.tags)),
}
OWNERS: dict[str, tuple[str | Promise, Says]] = {
    "billing_owner": (_("Billing Owner"), _owner("billing_owner")),
    "account_manager": (_("Account Manager"), _owner("account_manager")),
    "sales_rep": (_("Sales Rep"), _owner("sales_rep")),
    "manager": (_("Manager"), _owner("manager")),
}
ADDRESSES: dict[str, tuple[str | Promise, Says]] = {
    "billing_address": (_("Billing"), _billing_address),
    "shipping_address": (
        _("Shipping"),
        lambda customer: linebreaksbr(customer.shipping_address),
    ),
}
PAYING: dict[str, tuple[str | Promise, Says]] = {
    "payment_kinds": (
        _("Preferred Payment Methods"),
        lambda customer: in_words(customer.payment_kinds) or gettext("All that you take"),
    ),
    "invoice_template": (
        _("Default Invoice Template"),
        lambda customer: (
            customer.invoice_template.name
            if customer.invoice_template
            else gettext("The default one")
        ),
    ),
}
# What is edited together.
FIELDS = {"billing_address": ("billing_address", "billing_country")}

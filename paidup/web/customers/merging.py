"""Merging another customer into one: choose it, see what would happen, type its name."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from paidup.customers.duplicates import likely_duplicates
from paidup.customers.models import Customer
from paidup.customers.visibility import is_seen
from paidup.lib import formatting
from paidup.lifecycle.operations import merge_customers
from paidup.lifecycle.queries import Preview, preview
from paidup.organizations import paying
from paidup.organizations.states import Module
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.acting import done
from paidup.web.fields import in_words

from .lists import find, find_named, others_alike
from .timeline import Change


class TypedForm(forms.Form):
    """The name of the customer that will be no more, typed; also of one to be deleted."""

    typed = forms.CharField(required=False)

    def __init__(self, *args: Any, name: str, **options: Any) -> None:
        """With the name to be typed."""
        super().__init__(*args, **options)
        self.name = name

    def clean_typed(self) -> str:
        """Spaces around it or twice within don't matter, letters do."""
        typed: str = " ".join(self.cleaned_data["typed"].split())
        if typed != " ".join(self.name.split()):
            raise forms.ValidationError(
                _("Type %s, the name of the customer that goes, to confirm.") % self.name
            )
        return typed


@may(Module.CUSTOMERS, EDIT)
def merger(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Finds the customer to merge into this one, shows what that does, and does it."""
    target = find(request, customer_id)
    context: dict[str, Any] = {"customer": target}
    source = find_named(request, "from")
    if source is None:
        q = request.GET.get("q", "").strip()[:100]
        context |= {"q": q, "rows": others_alike(q, target) if q else _twins(target)}
        return render(request, "web/customers/merger.html", context)
    form = TypedForm(request.POST if request.method == "POST" else None, name=source.name)
    if form.is_valid() and done(
        form,
        lambda: merge_customers(source=source, target=target, by=request.by, at=request.at),
    ):
        messages.success(
            request,
            _("%(source)s and %(target)s are one customer now.")
            % {"source": source.name, "target": target.name},
        )
        return redirect("customer", request.organization.slug, target.id)
    shown = preview(source, target)
    context |= {
        "source": source,
        "form": form,
        "preview": shown,
        "changes": _changes(shown, people=request.member.may(Module.CONTACTS, VIEW)),
        "figures": _figures(shown),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/customers/merger.html", context, status=status)


def _twins(customer: Customer) -> list[Customer]:
    """Those that are likely the same as this one by name, to begin with."""
    alike = likely_duplicates(entity_id=customer.entity_id, name=customer.name)
    return [one for one in alike if one != customer]


def _figures(shown: Preview) -> list[tuple[str, int]]:
    return [(label, number) for label, number in shown.counts if number]


def _changes(shown: Preview, *, people: bool) -> list[Change]:
    """What becomes of the target's own details, in words."""
    details = [
        Change(_label(name), _in_words(name, before), _in_words(name, after))
        for name, (before, after) in shown.changes.items()
        if not isinstance(after, Customer) or is_seen(after)
    ]
    before, after = (name or _("None") for name in shown.cadence)
    if before != after:
        details.append(Change(_("Cadence"), before, after))
    if shown.own_cadences_go:
        details.append(Change(_("Cadences of single contacts and invoices"), "", _("Removed")))
    return [
        *details,
        *(
            Change(_("Cadence of %s") % name, before, after)
            for name, before, after in (shown.given_up if people else ())
        ),
        *(Change(one.field.label, "", in_words(one.field, one.after)) for one in shown.filled),
    ]


def _label(name: str) -> str:
    field = Customer._meta.get_field(name)  # noqa: SLF001  documented model API
    return capfirst(str(field.verbose_name))  # type: ignore[union-attr]  # none of them is a reverse one


def _in_words(name: str, value: Any) -> str:
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return paying.in_words(value) if name == "payment_kinds" else ", ".join(value)
        case date():
            return formatting.day(value)
        case None:
            return ""
        case _:
            return str(value)

"""Transfer Payment Method: choose it, choose the customer that gets it, see what happens, do it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.lib import formatting
from paidup.organizations.states import Module
from paidup.payments import operations as payments
from paidup.payments import queries
from paidup.payments.models import PaymentMethod
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .lists import find, find_named, others_alike
from .method_forms import TransferForm
from .methods import method_asked_for


@may(Module.PAYMENTS, EDIT)
def transfer(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Finds method and customer, shows what transferring does, and does it."""
    source = find(request, customer_id)
    context: dict[str, Any] = {"customer": source, "methods": queries.saved_methods(source)}
    method = _chosen_method(request, source, context["methods"])
    if method is None:
        return render(request, "web/customers/method_transfer.html", context)
    context["method"] = method
    target = find_named(request, "to")
    if target is None:
        q = request.GET.get("q", source.name).strip()[:100]
        context |= {"q": q, "rows": others_alike(q, source)}
        return render(request, "web/customers/method_transfer.html", context)
    form = TransferForm(request.POST if request.method == "POST" else None, customer=target)
    if form.is_valid() and done(
        form,
        lambda: payments.transfer_method(
            method=method,
            target=target,
            authority=form.authority_if_given(),
            on=request.on,
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(
            request,
            _("%(name)s has %(method)s now.") % {"method": method, "name": target.name},
        )
        return redirect("customer", request.organization.slug, target.id)
    context |= {
        "target": target,
        "form": form,
        "refusals": payments.transfer_refusals(method, source, target, on=request.on),
        "effects": _effects(method, source, target),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/customers/method_transfer.html", context, status=status)


def _chosen_method(
    request: StaffRequest, source: Customer, methods: list[PaymentMethod]
) -> PaymentMethod | None:
    """The one that the address names; the only one there is needn't be named."""
    if "method" in request.GET:
        return method_asked_for(request, source)
    return methods[0] if len(methods) == 1 else None


def _effects(method: PaymentMethod, source: Customer, target: Customer) -> list[str]:
    """What transferring the method does, in words."""
    names = {"method": str(method), "source": source.name, "target": target.name}
    mandate = queries.live_mandate(method)
    kept = queries.default_method(target)
    effects = [
        _("%(source)s is charged automatically no more, until another method is its default.")
        % names
        if method.default
        else _("The default of %(source)s stays as it is.") % names,
        _("%(target)s goes on being charged by %(kept)s; %(method)s is kept beside it.")
        % {**names, "kept": str(kept)}
        if kept
        else _("%(target)s gets it as the default.") % names,
    ]
    if mandate:
        effects.append(
            _(
                "The authority that %(name)s gave on %(day)s was for %(source)s. It ends, and "
                "stays on record there."
            )
            % {
                **names,
                "name": mandate.given_by,
                "day": formatting.day(mandate.given_at),
            }
        )
    effects.append(
        _(
            "%(target)s is charged by it automatically only with an authority of its own: record "
            "it below, or later, or ask for it by the payment method link."
        )
        % names
    )
    return effects

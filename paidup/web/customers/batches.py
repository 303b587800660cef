"""One change to many customers of the list: asked for, under way, and what became of each."""

from collections.abc import Iterator
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from paidup.batches import queries as batches
from paidup.batches.models import Batch
from paidup.batches.starting import BatchRefused, start_batch
from paidup.batches.states import Action, RowState
from paidup.customers import listing
from paidup.customers.models import Customer, CustomerQuerySet
from paidup.lib.spreadsheet import BOM, written
from paidup.lib.tenancy import limit_to, tenant
from paidup.organizations.models import Member
from paidup.organizations.states import Level, Module
from paidup.web.access import EDIT, VIEW, StaffRequest, may

from .cadence_forms import CadenceBatchForm
from .list_forms import BatchForm, CountedForm
from .portal_forms import InvitationBatchForm
from .selection import Asked, is_id
from .statement_forms import StatementBatchForm

MOST_SHOWN = 100
# What a change needs beside the customers themselves, as it does for one of them.
_NEEDS: dict[Action, dict[Module, Level]] = {
    Action.INVITE: {Module.COMMUNICATIONS: EDIT},
    Action.SEND_STATEMENT: {Module.COMMUNICATIONS: EDIT, Module.INVOICES: VIEW},
}


@may(Module.CUSTOMERS, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest, action: str) -> HttpResponse:
    """Asks for what the change needs to know, and starts it for the selected customers."""
    if action not in Action:
        raise Http404
    if not may_ask_for(request, Action(action)):
        raise PermissionDenied(_("Your role does not allow this. Ask an administrator."))
    customers, count = _selected(request)
    form = _form(request, Action(action), count)
    if form.is_valid():
        try:
            batch = start_batch(
                action=Action(action),
                customers=customers,
                expected=count,
                settings=form.settings(),
                member=request.member,
                at=request.at,
            )
        except BatchRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("customers_batch", request.organization.slug, batch.id)
    return render(
        request,
        "web/customers/batch_new.html",
        {
            "form": form,
            "action": action,
            "label": Action(action).label,
            "count": count,
            "typed": count if "all" in request.GET else "",
        },
        status=422 if form.is_bound else 200,
    )


@may(Module.CUSTOMERS, VIEW)
@require_safe
def batch(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """How far it is, and to whom the change was refused."""
    found = _find(request, batch_id)
    refused = batches.results(found, only=RowState.REFUSED, most=MOST_SHOWN)
    progress = batches.progress(found)
    return render(
        request,
        "web/customers/batch.html",
        {
            "batch": found,
            "progress": progress,
            "counts": [(state.label, count) for state, count in progress.counts.items() if count],
            "refused": list(refused),
            "more_refused": max(0, progress.counts[RowState.REFUSED] - MOST_SHOWN),
        },
    )


@may(Module.CUSTOMERS, VIEW)
@require_safe
def results(request: StaffRequest, batch_id: UUID) -> StreamingHttpResponse:
    """What became of each customer, as CSV."""
    found = _find(request, batch_id)
    return StreamingHttpResponse(
        _lines(found, request.member),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{found.action}-{found.id}.csv"'},
    )


def may_ask_for(request: StaffRequest, action: Action) -> bool:
    """Whether the member may have this done to one customer, so also to many."""
    needs = _NEEDS.get(action, {})
    return all(request.member.may(module, level) for module, level in needs.items())


def _form(request: StaffRequest, action: Action, count: int) -> CountedForm:
    sent, organization = request.POST or None, request.organization
    if action is Action.INVITE:
        return InvitationBatchForm(sent, count=count, organization=organization)
    if action is Action.CHANGE_CADENCE:
        return CadenceBatchForm(sent, count=count, organization=organization)
    if action is Action.SEND_STATEMENT:
        return StatementBatchForm(sent, count=count)
    return BatchForm(sent, action=action, count=count, organization=organization)


def _lines(batch: Batch, member: Member) -> Iterator[str]:
    with tenant(batch.organization_id), limit_to(member.limit):
        head = [_("Customer"), _("Account Number"), _("Result"), _("Reason")]
        yield BOM + written([head])
        for row, customer in batches.results(batch):
            name, number = (customer.name, customer.number) if customer else ("", "")
            cells = [name, number, str(RowState(row.state).label), row.reason]
            yield written([cells])


def _selected(request: StaffRequest) -> tuple[CustomerQuerySet, int]:
    """The customers that the list's boxes name, or all that its address asks for."""
    if "all" in request.GET:
        customers = listing.selected(Asked.of(request.GET, request.member).selection(request.on))
    else:
        ids = [text for text in request.GET.getlist("customer") if is_id(text)]
        customers = Customer.objects.visible(request.organization).filter(id__in=ids)
    return customers, customers.count()


def _find(request: StaffRequest, batch_id: UUID) -> Batch:
    rows = Batch.objects.of(request.organization).select_related("asked_by")
    if request.member.limit:  # others' are about customers that this member may not see
        rows = rows.filter(asked_by=request.member)
    found = rows.filter(id=batch_id).first()
    if found is None:
        raise Http404
    return found

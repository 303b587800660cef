"""One message of the preview: to whom, and the mail itself."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from paidup.cadences.composing import NO_LINKS, Composed, compose
from paidup.cadences.models import Step
from paidup.cadences.planning import Group
from paidup.cadences.planning.plans import groups_of, scope_of
from paidup.communications.queries import delivery_hours
from paidup.communications.rendering import render_blocks
from paidup.customers.models import ContactLink, Customer
from paidup.organizations.models import Member
from paidup.organizations.states import Module
from paidup.ui.middleware import shows_mail
from paidup.web.access import VIEW, StaffRequest, may

from .wording import day_asked, when


@may(Module.CADENCES, VIEW)
@require_safe
def message(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """A message of the preview: to whom, and the mail itself in a frame."""
    on = day_asked(request)
    group = _group(request, contact_id, on)
    composed = _composed(request, group, on)
    url = reverse("cadences_mail", args=[request.organization.slug, contact_id])
    return render(
        request,
        "web/cadences/message.html",
        {
            "group": group,
            "subject": composed.subject,
            "step": when(group.step_days),
            "files": len(composed.attachments),
            "mail_url": f"{url}?on={on.isoformat()}",
        },
    )


@may(Module.CADENCES, VIEW)
@require_safe
@shows_mail
@xframe_options_sameorigin
def mail(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """The mail of the preview, as its reader would get it; its links lead nowhere yet."""
    on = day_asked(request)
    group = _group(request, contact_id, on)
    composed = _composed(request, group, on)
    rendered = render_blocks(
        composed.blocks,
        subject=composed.subject,
        organization=request.organization,
        language=group.language or request.organization.language,
    )
    return HttpResponse(rendered.html)


def _group(request: StaffRequest, contact_id: UUID, on: date) -> Group:
    """What would be sent to this person on that day, or 404."""
    links = ContactLink.objects.visible(request.organization).filter(contact_id=contact_id)
    customers = list(links.values_list("customer_id", flat=True))
    scope = replace(scope_of(delivery_hours(request.organization), on), customers=customers)
    for group in groups_of(scope):
        if group.contact_id == contact_id:
            return group
    raise Http404


def _composed(request: StaffRequest, group: Group, on: date) -> Composed:
    step = Step.objects.of(request.organization).select_related("template").get(id=group.step_id)
    owner = Member.objects.of(request.organization).get(
        id=Customer.objects.visible(request.organization)
        .values_list("billing_owner_id", flat=True)
        .get(id=next(iter(group.customers)))
    )
    return compose(
        group,
        template=step.template,
        organization=request.organization,
        owner=owner.name,
        on=on,
        links=NO_LINKS,
    )

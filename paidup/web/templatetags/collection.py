"""An invoice's collection status where it stands, in tables and on its page."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from paidup.invoicing.models import CollectionStatus
from paidup.ui.templatetags.paidup import options

register = template.Library()

_CHOICE = """
<form class="in-place" method="post" action="{url}"
      hx-post="{url}" hx-trigger="change" hx-target="this" hx-swap="outerHTML">
  <input type="hidden" name="csrfmiddlewaretoken" value="{token}">
  <select class="form-select" id="collection-status-{id}" name="status"
          aria-label="{label}: {number}">
    <option value="">–</option>
    {options}
  </select>
  {refusal}
</form>
"""
_REFUSAL = '<span class="small bad" role="alert">{}</span>'


@register.simple_tag(takes_context=True)
def collection_status(
    context: Context,
    invoice: Any,
    number: str,
    statuses: Sequence[CollectionStatus],
    refusal: str = "",
) -> str:
    """The collection status of an invoice, or of a row that tells of one: to be changed by whoever
    may, with why a change was refused. Python, since a template takes five times as long a row."""
    refused = format_html(_REFUSAL, refusal) if refusal else ""
    if invoice.state != "open":
        return refused
    shell = context["shell"]
    if not shell.may["invoice_collection_status"]:
        names = {status.id: status.name for status in statuses}
        name = names.get(invoice.collection_status_id, "")
        return format_html('<span class="soft">{}</span>', name) if name else ""
    slug = shell.organization.slug
    return format_html(
        _CHOICE,
        url=reverse("invoice_collection_status", args=[slug, invoice.id]),
        token=context["csrf_token"],
        id=invoice.id,
        label=gettext("Collection Status"),
        number=number,
        options=options(statuses, invoice.collection_status_id),
        refusal=refused,
    )

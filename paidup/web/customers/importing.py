"""Bringing in a list of customers or contacts: the file, its columns, the check, the import."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paidup.accounting_sync.lists import uploads
from paidup.accounting_sync.lists.custom import fields_for
from paidup.accounting_sync.lists.fields import ColumnsRefused
from paidup.accounting_sync.lists.uploads import SHOWN_ERRORS, UploadRefused
from paidup.accounting_sync.models import Upload
from paidup.accounting_sync.states import ListKind, UploadState
from paidup.accounting_sync.text_file import FileRefused
from paidup.organizations.models import Entity, Organization
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may

LATEST = 5
PAGE = "web/customers/importing.html"


class FileForm(forms.Form):
    """A file, and what it is a list of."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the file lists"),
        choices=ListKind.choices,
        widget=forms.RadioSelect,
        initial=ListKind.CUSTOMERS,
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "The first line names the columns; one of them is the account number. "
            "UTF-8, UTF-16 and Windows-1252 are understood, with commas, semicolons or tabs."
        ),
    )

    def __init__(self, *args: Any, organization: Organization, **options: Any) -> None:
        """Several entities are a choice; one is none."""
        super().__init__(*args, **options)
        entities = Entity.objects.of(organization).order_by("name")
        self.only_entity = entities.order_by("id")[0]  # the one it was founded with
        if len(entities) > 1:
            self.fields["entity"] = forms.ModelChoiceField(
                entities, label=_("Billed by"), initial=self.only_entity, empty_label=None
            )

    def clean_file(self) -> "UploadedFile[Any]":
        """Return the file, unless it is far too large to be read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > uploads.MOST_BYTES:
            raise forms.ValidationError(str(uploads.too_large()))
        return file


@may(Module.CUSTOMERS, EDIT, whole=True)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: StaffRequest) -> HttpResponse:
    """Takes a file; shows those that are under way."""
    asked = request.GET.get("kind", "")
    initial = {"kind": asked if asked in ListKind.values else ListKind.CUSTOMERS}
    form = FileForm(
        request.POST or None,
        request.FILES or None,
        organization=request.organization,
        initial=initial,
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            upload = uploads.keep_upload(
                kind=ListKind(given["kind"]),
                content=given["file"].read(),
                file_name=given["file"].name,
                entity=given.get("entity") or form.only_entity,
                member=request.member,
                at=request.at,
            )
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("import", request.organization.slug, upload.id)
    context = {
        "form": form,
        "earlier": _own(request).order_by("-uploaded_at", "-id")[:LATEST],
        "cancel_url": reverse("customers", args=[request.organization.slug]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "web/customers/import_start.html", context, status=status)


@may(Module.CUSTOMERS, EDIT, whole=True)
@require_safe
def upload(request: StaffRequest, upload_id: UUID) -> HttpResponse:
    """How far a list has come; `?columns=1` assigns its columns anew."""
    return _page(request, _find(request, upload_id))


@may(Module.CUSTOMERS, EDIT, whole=True)
@require_POST
def columns(request: StaffRequest, upload_id: UUID) -> HttpResponse:
    """Says what the columns hold, and has the list checked."""
    found = _find(request, upload_id)
    chosen = request.POST.getlist("column")
    return _do(
        request, found, lambda: uploads.assign_columns(upload=found, columns=chosen), chosen=chosen
    )


@may(Module.CUSTOMERS, EDIT, whole=True)
@require_POST
def execution(request: StaffRequest, upload_id: UUID) -> HttpResponse:
    """Has the list imported, all of it or without its wrong lines."""
    found = _find(request, upload_id)
    skip_bad = "skip_bad" in request.POST
    return _do(request, found, lambda: uploads.start_import(upload=found, skip_bad=skip_bad))


@may(Module.CUSTOMERS, EDIT, whole=True)
@require_POST
def removal(request: StaffRequest, upload_id: UUID) -> HttpResponse:
    """Forgets the file."""
    found = _find(request, upload_id)
    try:
        uploads.discard(upload=found)
    except UploadRefused as refused:
        return _page(request, found, refusal=str(refused))
    messages.success(request, _("The file is forgotten."))
    return redirect("import_start", request.organization.slug)


@may(Module.CUSTOMERS, EDIT, whole=True)
@require_safe
def rejected(request: StaffRequest, upload_id: UUID) -> HttpResponse:
    """The wrong lines, each with what is wrong, as CSV."""
    text = _own(request).filter(id=upload_id).values_list("rejected", flat=True).first()
    if not text:
        raise Http404
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rejected.csv"'},
    )


def _do(
    request: StaffRequest,
    found: Upload,
    action: Callable[[], None],
    *,
    chosen: list[str] | None = None,
) -> HttpResponse:
    try:
        action()
    except (ColumnsRefused, UploadRefused) as refused:
        return _page(request, found, refusal=str(refused), chosen=chosen)
    return redirect("import", request.organization.slug, found.id)


def _page(
    request: StaffRequest, found: Upload, *, refusal: str = "", chosen: list[str] | None = None
) -> HttpResponse:
    state = UploadState(found.state)
    assigns = state == UploadState.UPLOADED or (
        state == UploadState.CHECKED and (chosen is not None or "columns" in request.GET)
    )
    columns = found.columns if chosen is None or len(chosen) != len(found.header) else chosen
    outcome = found.outcome or {}
    context = {
        "upload": found,
        "kind": ListKind(found.kind),
        "refusal": refusal or found.refusal,
        "assigns": assigns,
        "reading": state in {UploadState.CHECKING, UploadState.IMPORTING},
        "columns": [
            (title, columns[index], [line[index] for line in found.sample if index < len(line)])
            for index, title in enumerate(found.header)
        ]
        if assigns
        else [],
        "fields": fields_for(ListKind(found.kind)).values(),
        "counts": _counts(outcome),
        "changes": sum(
            count[how] for count in _counts(outcome).values() for how in ("created", "updated")
        ),
        "good": outcome.get("lines", 0) - outcome.get("rejected", 0),
        "outcome": outcome,
        "shown_errors": SHOWN_ERRORS,
    }
    return render(request, PAGE, context, status=422 if refusal else 200)


def _counts(outcome: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Of customers and of contacts, where there are any."""
    return {
        str(kind.label): outcome[kind.value]
        for kind in ListKind
        if any(outcome.get(kind.value, {}).values())
    }


def _own(request: StaffRequest) -> Any:
    """A list is seen by whoever brought it; the file itself is not read for a page."""
    rows = Upload.objects.of(request.organization).filter(member=request.member)
    return rows.defer("content", "rejected").select_related("entity")


def _find(request: StaffRequest, upload_id: UUID) -> Upload:
    found: Upload = get_object_or_404(_own(request), id=upload_id)
    return found

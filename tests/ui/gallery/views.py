"""The gallery's pages."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from paidup.ui.branding import stylesheet
from tests.ui.gallery import data


class Person:
    """Who is signed in."""

    is_authenticated = True
    is_active = True
    email = "maya@harbour.example"

    def __str__(self) -> str:
        return "Maya Okafor"


class SignedIn:
    """Puts a person and an organization on every request below /o/."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        if request.path.startswith("/o/"):
            request.user = Person()
            request.organization = data.ORGANIZATIONS[0]
            request.organizations = data.ORGANIZATIONS
        return self.get_response(request)


class CreditForm(forms.Form):
    """Fields of every kind."""

    amount = forms.DecimalField(label="Amount", help_text="Open balance: $277,920.40.")
    description = forms.CharField(label="Description", help_text="What the credit is for.")
    reason = forms.ChoiceField(
        label="Reason",
        choices=[("", "Choose…"), ("goodwill", "Goodwill"), ("return", "Return")],
    )
    apply_to = forms.ChoiceField(
        label="Apply to",
        widget=forms.RadioSelect,
        choices=[("oldest", "Oldest open invoices first"), ("INV-1931", "INV-1931, $22,980.00")],
    )
    note = forms.CharField(
        label="Internal note", required=False, widget=forms.Textarea({"rows": 3})
    )
    file = forms.FileField(label="Attachment", required=False)
    unapplied = forms.BooleanField(
        label="Leave unapplied", required=False, help_text="The credit waits until you apply it."
    )

    def clean(self) -> dict[str, Any]:
        """Refuse amounts that are above what one may credit alone."""
        cleaned = super().clean() or {}
        if (cleaned.get("amount") or 0) > 1000:
            raise forms.ValidationError(
                "You may credit up to $1,000.00. Lower the amount, or ask Tom Reyes to add it."
            )
        return cleaned


def start(request: HttpRequest) -> HttpResponse:
    return redirect("home", data.ORGANIZATIONS[0].slug)


def home(request: HttpRequest, slug: str) -> HttpResponse:
    if "toast" in request.GET:
        messages.success(request, "Reminder sent to Joel Park.")
        messages.error(request, "The mailbox refused the connection. Check its password.")
    return render(
        request,
        "gallery/home.html",
        {"aging": data.ORGANIZATION_AGING, "late": data.customers()[:6]},
    )


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    rows = data.customers()
    wanted = request.GET.get("q", "").lower()
    rows = [row for row in rows if wanted in row.name.lower() or wanted in row.number.lower()]
    sort = request.GET.get("sort", "-balance")
    rows.sort(key=lambda row: getattr(row, sort.lstrip("-")), reverse=sort.startswith("-"))
    context = {"rows": rows[:24], "q": wanted, "sort": sort, "count": len(rows) * 10}
    context["search_label"] = "Search customers"
    context["sum"] = sum(row.balance for row in rows)
    context["older_url"] = "?after=x" if len(rows) > 20 else None
    return render(request, "gallery/list.html", context)


TABS = [
    ("notes", "Notes", 3),
    ("communication", "Communication", 18),
    ("todo", "To-Do", 2),
    ("transactions", "Transactions", 41),
    ("plans", "Payment Plans", 0),
    ("documents", "Documents", None),
    ("attachments", "Attachments", 5),
    ("timeline", "Timeline", None),
]


def record(request: HttpRequest, slug: str, id: int) -> HttpResponse:  # noqa: A002  as in the app
    context = {
        "customer": data.customers()[id - 1],
        "aging": data.AGING,
        "tab": request.GET.get("tab", "transactions"),
        "tabs": [SimpleNamespace(key=k, label=label, count=c) for k, label, c in TABS],
        "transactions": data.transactions(),
        "events": data.events(),
    }
    return render(request, "gallery/record.html", context)


def peek(request: HttpRequest, slug: str, id: int) -> HttpResponse:  # noqa: A002  as in the app
    customer = data.customers()[id - 1]
    return render(request, "gallery/peek.html", {"customer": customer, "aging": data.AGING})


def credit(request: HttpRequest, slug: str) -> HttpResponse:
    form = CreditForm(request.POST or None, initial={"apply_to": "oldest"})
    if form.is_valid():
        messages.success(request, "Credit added.")
        return redirect("customer", slug, 1)
    status = 422 if form.is_bound else 200
    context = {"form": form, "cancel_url": "/o/harbour/customers/1/"}
    return render(request, "gallery/form.html", context, status=status)


def erase(request: HttpRequest, slug: str) -> HttpResponse:
    if request.POST.get("typed") == "Halden Maritime":
        return redirect("customers", slug)
    return render(
        request, "gallery/confirm.html", {"typed": "Halden Maritime", "form": forms.Form()}
    )


def refused(request: HttpRequest, status: str) -> HttpResponse:
    return render(request, f"{status}.html", status=int(status[:3]))


def plain(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "gallery/parts.html", {"form": CreditForm({"amount": "5000"})})


class CodeForm(forms.Form):
    """As allauth asks for a code."""

    code = forms.CharField(label="Code")
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


ACCOUNT_PAGES: dict[str, dict[str, Any]] = {
    "account/password_reset_done": {},
    "account/password_reset_from_key": {"form": CreditForm(), "action_url": "#"},
    "account/password_reset_from_key_done": {},
    "account/account_inactive": {},
    "account/password_change": {"form": CodeForm()},
    "account/reauthenticate": {"form": CodeForm({})},
    "account/email": {"emailaddresses": [], "form": CodeForm()},
    "mfa/index": {
        "is_mfa_enabled": True,
        "authenticators": {
            "totp": True,
            "recovery_codes": {"generate_codes": "0123456789", "get_unused_codes": "01234567"},
        },
    },
    "mfa/authenticate": {"form": CodeForm({})},
    "mfa/reauthenticate": {"form": CodeForm({})},
    "mfa/totp/activate_form": {
        "form": CodeForm(),
        "totp_svg_data_uri": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
    },
    "mfa/totp/deactivate_form": {"form": forms.Form()},
    "mfa/recovery_codes/index": {
        "can_view_codes": True,
        "can_download_codes": True,
        "can_generate_codes": True,
        "unused_codes": [f"{n * 7919 % 10**8:08d}" for n in range(11, 21)],
    },
    "mfa/recovery_codes/generate": {"form": forms.Form(), "unused_code_count": 8},
}


def account(request: HttpRequest, page: str) -> HttpResponse:
    return render(request, f"{page}.html", ACCOUNT_PAGES[page])


def brand(request: HttpRequest) -> HttpResponse:
    return HttpResponse(stylesheet("#0f5e59"), content_type="text/css")


def pay(request: HttpRequest) -> HttpResponse:
    context = {"organization": data.ORGANIZATIONS[0], "invoice": data.transactions()[0]}
    return render(request, "gallery/pay.html", context)

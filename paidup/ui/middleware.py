"""What every answer and every request passes: security headers, and the door a host leads to."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import ParamSpec

import structlog
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh
from psycopg import errors

log = structlog.get_logger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]
P = ParamSpec("P")
View = Callable[P, HttpResponse]

HEADER = "Content-Security-Policy"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# A mail is written by others: it may bring its own styles; nothing runs and nothing is loaded.
MAIL_POLICY = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "img-src": "data:",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
    "sandbox": "",
}
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "microphone=(), midi=(), payment=(), usb=(), browsing-topics=()"
)


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {sources}".strip() for name, sources in policy.items())


def _answering_with(policy: dict[str, str]) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            response = view(*args, **kwargs)
            response.headers[HEADER] = _written(policy)
            return response

        return answer

    return decorate


def framed_by_self(view: View[P]) -> View[P]:
    """Lets pages of the same origin show this view's answer in a frame."""
    return _answering_with({**POLICY, "frame-ancestors": "'self'"})(view)


def shows_mail(view: View[P]) -> View[P]:
    """For a view that answers with the HTML of a mail: it is framed, inert and loads nothing."""
    return _answering_with(MAIL_POLICY)(view)


class ContentSecurityPolicy:
    """Gives every answer the headers that say what a browser may do with it."""

    def __init__(self, get_response: Answer) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers set; a policy the view chose stands."""
        response = self.get_response(request)
        response.headers.setdefault(HEADER, _written(POLICY))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # One address answers with a page or, to htmx, with a part of it: no cache may mix them up.
        patch_vary_headers(response, ["HX-Request"])
        return response


class PortalRequest(HttpRequest):
    """A request that came in at an organization's own host."""

    portal_slug: str


class HostDoor:
    """Leads SLUG.<host> to the customers' portal, and the plain host to the staff pages."""

    def __init__(self, get_response: Answer) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer by the urls of the door; a host of several labels belongs to nobody."""
        slug = portal_slug(request.get_host())
        if slug is not None:
            if "." in slug:
                raise Http404(_("There is no page at this address."))
            request.urlconf = "paidup.portal.urls"
            request.portal_slug = slug  # type: ignore[attr-defined]  # see PortalRequest
        return self.get_response(request)


def portal_slug(host: str) -> str | None:
    """What stands before our own host name, or None at the staff host."""
    domain, _port = split_domain_port(host)
    own = f".{settings.HOST}"
    return domain.removesuffix(own) if domain.endswith(own) else None


class HtmxRedirect:
    """Lets a view redirect whoever asks: htmx is told to move the whole page, not a part of it."""

    def __init__(self, get_response: Answer) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a redirect to the page that is open becomes its reload, which keeps its place."""
        response = self.get_response(request)
        details = request.htmx  # type: ignore[attr-defined]  # set by django_htmx
        if not details or not isinstance(response, HttpResponseRedirectBase):
            return response
        moved = (
            HttpResponseClientRefresh()
            if response.url == details.current_url_abs_path
            else HttpResponseClientRedirect(response.url)
        )
        moved.cookies = response.cookies
        return moved


class ChangedMeanwhile:
    """Says so where a change met another one of the same rows: a merge or a deletion of what it is
    about, or the same change sent twice. The database let nothing of it stand."""

    MET = (errors.ForeignKeyViolation, errors.UniqueViolation, errors.DeadlockDetected)

    def __init__(self, get_response: Answer) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, met: Exception) -> HttpResponse | None:
        """Answer instead of the view, whose transaction is over by now."""
        gone = isinstance(met, ObjectDoesNotExist)
        refused = isinstance(met, DatabaseError) and isinstance(met.__cause__, self.MET)
        if request.method in {"GET", "HEAD"} or not (gone or refused):
            return None
        log.warning("changed meanwhile", exc_info=met)
        return render(request, "409.html", status=HTTPStatus.CONFLICT)

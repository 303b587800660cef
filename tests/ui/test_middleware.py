"""What every answer and request passes."""

from collections.abc import Callable

import pytest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from paidup.ui.middleware import (
    ContentSecurityPolicy,
    HostDoor,
    HtmxRedirect,
    framed_by_self,
    shows_mail,
)

View = Callable[[HttpRequest], HttpResponse]


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def policy(view: View) -> list[str]:
    answer = ContentSecurityPolicy(view)(RequestFactory().get("/"))
    return answer.headers["Content-Security-Policy"].split("; ")


def test_only_our_own_files_run_and_nobody_frames_us() -> None:
    assert policy(page) == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]


def test_a_view_may_let_our_own_pages_frame_it() -> None:
    assert "frame-ancestors 'self'" in policy(framed_by_self(page))
    assert "script-src 'self'" in policy(framed_by_self(page))


def test_a_shown_mail_is_inert() -> None:
    mail = policy(shows_mail(page))
    assert "sandbox" in mail
    assert "default-src 'none'" in mail
    assert not [source for source in mail if source.startswith(("script-src", "connect-src"))]


def test_caches_keep_pages_and_parts_apart() -> None:
    answer = ContentSecurityPolicy(page)(RequestFactory().get("/"))
    assert "HX-Request" in answer.headers["Vary"]
    assert "camera=()" in answer.headers["Permissions-Policy"]


def door(host: str) -> tuple[str | None, str | None]:
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse("")

    HostDoor(view)(RequestFactory().get("/", headers={"host": host}))
    return getattr(seen[0], "urlconf", None), getattr(seen[0], "portal_slug", None)


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_the_plain_host_leads_to_the_staff_pages(host: str) -> None:
    assert door(host) == (None, None)


@pytest.mark.parametrize("host", ["harbour.localhost", "HARBOUR.localhost:8000"])
def test_an_organizations_host_leads_to_its_portal(host: str) -> None:
    assert door(host) == ("paidup.portal.urls", "harbour")


def test_a_host_of_several_labels_belongs_to_nobody() -> None:
    with pytest.raises(Http404):
        door("evil.harbour.localhost")


def moved(**headers: str) -> HttpResponse:
    def view(_request: HttpRequest) -> HttpResponse:
        answer = HttpResponseRedirect("/o/harbour/")
        answer.set_cookie("seen", "1")
        return answer

    request = RequestFactory().post("/o/harbour/credit/", headers=headers)
    return HtmxMiddleware(HtmxRedirect(view))(request)  # type: ignore[return-value]


def test_a_redirect_stays_one_without_htmx() -> None:
    assert moved().status_code == 302


def test_htmx_is_told_to_move_the_whole_page() -> None:
    answer = moved(**{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/o/harbour/")
    assert "seen" in answer.cookies


def test_a_redirect_to_the_open_page_reloads_it_in_its_place() -> None:
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/o/harbour/"}
    answer = moved(**here)
    assert answer.headers["HX-Refresh"] == "true"
    assert "HX-Redirect" not in answer.headers

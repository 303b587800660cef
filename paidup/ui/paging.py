"""The addresses of a list's pages before and after the one that shows."""

from typing import Any

from django.http import HttpRequest

from paidup.lib.keyset import Page


def page_urls(request: HttpRequest, shown: Page[Any]) -> dict[str, str]:
    """`newer_url` and `older_url`, empty where there is nothing."""
    return {
        "newer_url": _url(request, "before", shown.before),
        "older_url": _url(request, "after", shown.after),
    }


def _url(request: HttpRequest, direction: str, place: str | None) -> str:
    if place is None:
        return ""
    asked = request.GET.copy()
    for other in ("before", "after"):
        asked.pop(other, None)
    asked[direction] = place
    return f"{request.path}?{asked.urlencode()}"

"""Who may see the vendor's pages: everyone, where the sandbox is offered at all."""

import time
from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from paidup.payments.gateways.registry import sandbox_is_offered

View = Callable[[HttpRequest], HttpResponse]

TOKENS_A_MINUTE = 60  # for one address: whole offices share one, and each payment takes one token


def where_offered(view: View) -> View:
    """For a page that needs no sign-in and shows nothing of any organization."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not sandbox_is_offered():
            raise Http404(_("There is no page at this address."))
        return view(request)

    guarded.access = "everyone"  # type: ignore[attr-defined]  # read by the test of the URLs
    return guarded


def is_too_often(address: str) -> bool:
    """Counts one more token for this address, and tells whether it is too many by now."""
    key = f"sandbox-tokens:{address}:{int(time.time() // 60)}"
    try:
        return int(cache.incr(key)) > TOKENS_A_MINUTE
    except ValueError:  # the first of this minute
        cache.set(key, 1, timeout=120)
        return False

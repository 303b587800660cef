"""Every address wears a mark that says who may open it."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ACCESS = {"everyone", "member", "oneself", "link", "portal login", "visitor", "machine"}
# Addresses of libraries, which guard their own.
LIBRARIES = ("allauth.",)


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Each address with its view."""
    for pattern in resolver.url_patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from views(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


@pytest.mark.parametrize("door", ["paidup.config.urls", "paidup.portal.urls"])
def test_every_view_says_who_may_open_it(door: str) -> None:
    found = dict(views(get_resolver(door)))
    assert found
    bare = [
        address
        for address, view in found.items()
        if not getattr(view, "__module__", "").startswith(LIBRARIES)
        and getattr(view, "access", None) not in ACCESS
    ]
    assert bare == []

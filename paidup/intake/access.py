"""Who may bring news: machines, each of which proves itself by its vendor's signature."""

from collections.abc import Callable

from django.http import HttpResponse

View = Callable[..., HttpResponse]


def machine(view: View) -> View:
    """For an address that a vendor's machine asks, which the view has to recognize itself."""
    view.access = "machine"  # type: ignore[attr-defined]  # read by the test of the URLs
    return view

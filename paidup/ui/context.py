"""What every page knows: who is here, where they are, and how they want it to look."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

THEME_COOKIE = "theme"


@dataclass(frozen=True)
class Theme:
    """A way the pages can look; the empty one follows the system."""

    value: str
    label: str | Promise
    icon: str


THEMES = (
    Theme("", _("Like the system"), "device-desktop"),
    Theme("light", _("Light"), "sun"),
    Theme("dark", _("Dark"), "moon"),
)


@dataclass(frozen=True)
class Entry:
    """A line of the navigation; it shows when its URL name resolves and the role allows it."""

    name: str
    label: str | Promise
    icon: str
    key: str = ""
    children: tuple["Entry", ...] = ()


ENTRIES = (
    Entry("home", _("Home"), "home", "g h"),
    Entry(
        "customers",
        _("Customers"),
        "users",
        "g c",
        (
            Entry("customers", _("Customer Records"), "users"),
            Entry("contacts", _("Billing Contacts"), "address-book"),
        ),
    ),
    Entry("todos", _("To-Do"), "checkbox", "g t"),
    Entry("invoices", _("Invoices"), "file-invoice", "g i"),
    Entry("payments", _("Payments"), "credit-card", "g p"),
    Entry("cadences", _("Cadences"), "route", "g d"),
    Entry("account", _("Account"), "settings", "g a"),
)


@cache
def _needs(urlconf: str | None) -> dict[str, Any]:
    """By the name of each address, what its view needs of a member's role; None for nothing."""
    found: dict[str, Any] = {}

    def walk(patterns: list[URLPattern | URLResolver]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            elif pattern.name:
                found[pattern.name] = getattr(pattern.callback, "needs", None)

    walk(get_resolver(urlconf).url_patterns)
    return found


class Permitted:
    """Which addresses the member may open, by their names: `shell.may.customer_add`."""

    def __init__(self, request: HttpRequest) -> None:
        """Keep the member, whom the view's access decorator set; on other pages there is none."""
        self.member = getattr(request, "member", None)
        self._known: dict[str, bool] = {}  # rows ask the same again and again

    def __getitem__(self, name: str) -> bool:
        """Whether the address of that name opens. KeyError for an unknown one."""
        if name not in self._known:
            needs = _needs(get_urlconf())[name]
            met = needs is None or self.member is None or needs.are_met(self.member)
            self._known[name] = bool(met)
        return self._known[name]


@dataclass(frozen=True)
class Link:
    """An entry as this page shows it."""

    label: str | Promise
    icon: str
    key: str
    url: str
    is_current: bool
    children: list["Link"]


class Shell:
    """The frame around a page. Read from the request only when the template asks."""

    def __init__(self, request: HttpRequest) -> None:
        """Keep the request."""
        self.request = request

    @property
    def organization(self) -> Any:
        """The organization whose page this is, as the view's access decorator set it, or None."""
        return getattr(self.request, "organization", None)

    @cached_property
    def may(self) -> Permitted:
        """What the role of whoever looks allows; what it doesn't is not offered."""
        return Permitted(self.request)

    @property
    def organizations(self) -> Any:
        """All organizations the person belongs to, for the switcher."""
        return getattr(self.request, "organizations", ())

    @property
    def theme(self) -> str:
        """`light` or `dark` when chosen, else empty: then the system decides."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in {theme.value for theme in THEMES} else ""

    @property
    def themes(self) -> tuple[Theme, ...]:
        """The choices of the person's menu."""
        return THEMES

    @property
    def person(self) -> str:
        """Who is signed in: the name, else the address."""
        return str(self.request.user)

    @property
    def layout(self) -> str:
        """The template a page extends: whole, or as the part of a page that htmx asked for."""
        htmx = self.request.htmx  # type: ignore[attr-defined]  # set by django_htmx
        if not htmx or htmx.boosted or htmx.history_restore_request:
            return "ui/base.html"
        return "ui/dialog.html" if self.is_dialog else "ui/fragment.html"

    @property
    def is_dialog(self) -> bool:
        """Whether the answer goes into the page's dialog."""
        target = getattr(self.request, "htmx", None) and self.request.htmx.target  # type: ignore[attr-defined]
        return target == "dialog#dialog"

    @cached_property
    def navigation(self) -> list[Link]:
        """The entries that lead somewhere."""
        return self._links(ENTRIES)

    def _links(self, entries: tuple[Entry, ...]) -> list[Link]:
        links = []
        for entry in entries:
            url = self._url(entry.name)
            if url is not None:
                children = self._links(entry.children)
                here = self._is_here(url) or any(child.is_current for child in children)
                links.append(Link(entry.label, entry.icon, entry.key, url, here, children))
        return links

    def _url(self, name: str) -> str | None:
        if self.organization is None:
            return None
        try:
            url = reverse(name, args=[self.organization.slug])
        except NoReverseMatch:
            return None
        return url if self.may[name] else None

    def _is_here(self, url: str) -> bool:
        path = self.request.path
        return path == url if url == self._url("home") else path.startswith(url)

    @property
    def search_url(self) -> str | None:
        """Where the search field of the frame asks: the customers list."""
        return self._url("customers")


def page(request: HttpRequest) -> dict[str, Any]:
    """Adds `shell` to every template."""
    return {"shell": Shell(request)}

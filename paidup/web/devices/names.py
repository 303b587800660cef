"""What people call a browser, from what it calls itself.

Every browser claims to be the older ones too, so of the signs below the first that is there counts.
"""

from django.utils.translation import gettext as _

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
_PHONES = ("iPhone", "iPad", "Android")


def in_words(agent: str) -> str:
    """Such as “Firefox on Windows”; what isn't known is left out."""
    browser, system = _first(_BROWSERS, agent), _first(_SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def icon_of(agent: str) -> str:
    """The picture of such a device."""
    return "device-mobile" if _first(_SYSTEMS, agent) in _PHONES else "device-desktop"


def _first(signs: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for sign, name in signs if sign in agent), "")

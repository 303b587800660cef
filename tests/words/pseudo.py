"""A language for tests: every sentence that gettext gives comes back with accents on its letters.

It goes by a real language's code, Greek's, and so dates and amounts come in that locale's letters
and order. What a page then still says in plain Latin letters, or writes as `1,234.50`, came by
neither.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from html.parser import HTMLParser

from django.utils.translation import trans_real

CODE = "el"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
# What a sentence holds beside words: figures to fill in, merge variables, marks of HTML.
_FIGURE = re.compile(r"(%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}|\{\w*\}|<[^>]+>|&#?\w+;)")
_CONTEXT = "\x04"  # stands between a sentence and its context

# Attributes in which a page says something.
_SAID = {"alt", "aria-label", "aria-description", "content", "label", "placeholder", "title"}
# Fields whose value stands on the page as it is written.
_WRITTEN = {"", "button", "reset", "submit", "text"}
_UNSEEN = {"script", "style"}


class Pseudo(NullTranslations):
    """The catalog, as Django asks one."""

    def gettext(self, message: str) -> str:
        """The sentence in accents."""
        words = message.rpartition(_CONTEXT)[2]
        parts = _FIGURE.split(words)
        parts[::2] = [part.translate(_ACCENTS) for part in parts[::2]]
        return "".join(parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """That of the two which the number asks for."""
        return self.gettext(msgid1 if n == 1 else msgid2)

    def language(self) -> str:
        """The code it goes by."""
        return CODE

    def to_language(self) -> str:
        """The same."""
        return CODE


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Puts the catalog in the place of Greek's."""
    catalogs = trans_real._translations  # type: ignore[attr-defined]  # there is no public way in
    before = catalogs.get(CODE)
    catalogs[CODE] = Pseudo()
    try:
        yield
    finally:
        catalogs.pop(CODE)
        if before:
            catalogs[CODE] = before


class _Page(HTMLParser):
    """Collects what a page says to a reader, seen or read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("name") != "description":
            return
        self.said += [value for name, value in given.items() if name in _SAID]
        # What a script will say stands in data attributes; a word alone is a key.
        self.said += [
            value
            for name, value in given.items()
            if name.startswith("data-") and re.search(r"[a-z]{2,} [a-z]{2,}", value)
        ]
        if tag == "input" and given.get("type", "") in _WRITTEN:
            self.said.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.said.append(data)


def said(page: str) -> list[str]:
    """What a page of HTML says, text by text."""
    parser = _Page()
    parser.feed(page)
    return [text for text in (" ".join(text.split()) for text in parser.said) if text]


# What needs no translator: addresses, the names of colours and of merge variables.
_NOT_WORDS = re.compile(
    r"\S+@\S+|https?://\S+|[\w.-]+\.(?:example|localhost|pdf|csv)\b|#[0-9a-f]{6}|\{\{ [a-z_.]+ \}\}"
)
_LATIN = re.compile(r"[A-Za-z]{2,}")
# Greek writes 1.234,50 and 2 Μαρ 2026.
_FOREIGN = re.compile(r"\d,\d{3}\.\d|\d\.(?:\d\d|\d{4})(?!\d)|\d{4}-\d\d-\d\d")


def untranslated(texts: list[str], *, data: frozenset[str]) -> list[str]:
    """Those texts that have words neither from the catalog nor among the data, or figures that
    didn't come through the locale."""
    found = []
    for text in texts:
        bare = _NOT_WORDS.sub(" ", text)
        if not data.issuperset(_LATIN.findall(bare)) or _FOREIGN.search(bare):
            found.append(text)
    return found

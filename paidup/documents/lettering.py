"""Text from outside, made fit to be set: it can neither disturb its surroundings nor overflow."""

import re
from typing import Any
from unicodedata import bidirectional, category, normalize

# Controls that turn the direction of what follows them; a text could rewrite an amount with them.
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNDRAWABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
LONG_WORD = re.compile(r"\S{25,}")
ISOLATE, END = "\u2068", "\u2069"
BREAK = "\u200b"


def lettered(value: Any, *, isolate: bool) -> Any:
    """A tree of dicts, lists and texts with every text fit to be set.

    Without control characters, composed, breakable within words too long for a line. A text that
    holds right-to-left letters, and with `isolate` every text, keeps its direction to itself.
    """
    if isinstance(value, str):
        return "\n".join(_line(line, isolate=isolate) for line in value.splitlines())
    if isinstance(value, dict):
        return {key: lettered(item, isolate=isolate) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [lettered(item, isolate=isolate) for item in value]
    return value


def letters(text: str) -> str:
    """A text of one line without control characters, composed: fit for a file's properties."""
    if text.isascii() and text.isprintable():
        return text
    spaced = normalize("NFC", text.replace("\t", " "))
    return "".join(c for c in spaced if c not in TURNS and category(c) not in UNDRAWABLE)


def _line(line: str, *, isolate: bool) -> str:
    line = letters(line)
    if not line.isascii():
        isolate = isolate or any(bidirectional(letter) in RIGHT_TO_LEFT for letter in line)
    line = LONG_WORD.sub(_breakable, line)
    return f"{ISOLATE}{line}{END}" if isolate and line else line


def _breakable(word: re.Match[str]) -> str:
    # Twelve letters fit the narrowest column; scripts without spaces break by themselves.
    return re.sub(r"([!-~]{12})(?=[!-~])", rf"\1{BREAK}", word[0])

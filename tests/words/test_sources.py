"""Every sentence in the code goes through gettext, also where no page of a test shows it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import paidup

HOUSE = Path(paidup.__file__).parent
# What speaks English: to those who run the program, to machines, and the demo's made-up people.
NOT_SAID = {"config", "intake", "demo", "migrations"}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# Raised where the program itself is wrong or set up wrongly: only engineers read them.
MISUSE = {
    *("BadBlock", "BadSignature", "ClockRefused", "NoTenant", "OtherTenant"),
    *("FileNotFoundError", "IntegrityError", "NotImplementedError", "RuntimeError"),
    *("TypeError", "ValueError"),
}
NAME = re.compile(r"[a-z_]+")  # of a figure, a field or a column
LETTERS = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"\W*[^\W\d_{].* .*[\w”)}][.!?…]", re.DOTALL)

# What a template has translated, and all that isn't text.
TRANSLATED = re.compile(
    r"\{% blocktranslate.*?endblocktranslate %\}|\{% block width %\}.*?endblock width %\}"
    r"|\{% comment.*?endcomment %\}|\{#.*?#\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<style.*?</style>|&\w+;",
    re.DOTALL,
)
SAID = re.compile(r"""\s(?:alt|aria-label|label|placeholder|title)=(?:"([^"]*)"|'([^']*)')""")
TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
BRAND = {"Paidup"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(HOUSE.rglob("*.py")):
        if not NOT_SAID.intersection(path.relative_to(HOUSE).parts):
            yield str(path.relative_to(HOUSE)), ast.parse(path.read_text())


def called(node: ast.AST | None) -> str:
    """The name of what is called, without its module's."""
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def bare(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The texts that gettext isn't given, with their lines; documentation is none."""
    if called(node) in GETTEXT or (isinstance(node, ast.Raise) and called(node.exc) in MISUSE):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    elif isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
        yield node.lineno, "".join(map(str, parts))
    else:
        for child in said_by(node):
            yield from bare(child)


def said_by(node: ast.AST) -> Iterator[ast.AST]:
    """Its parts, without the keys by which something is kept or found: they are names."""
    match node:
        case ast.Dict():
            yield from node.values
        case ast.Subscript():
            yield node.value
        case _:
            yield from ast.iter_child_nodes(node)


def test_refusals_are_translated() -> None:
    raised = [
        (f"{path}:{line}", text)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        for line, text in bare(node)
    ]
    said = [found for found in raised if not NAME.fullmatch(found[1])]
    assert [found for found in said if LETTERS.search(found[1])] == []


def test_what_counts_has_a_plural() -> None:
    sentences = [
        (f"{path}:{given.lineno}", str(given.value))
        for path, tree in trees()
        for node in ast.walk(tree)
        if called(node) in GETTEXT and "ngettext" not in called(node)
        for given in ast.walk(node)
        if isinstance(given, ast.Constant)
    ]
    assert [found for found in sentences if "%(count)" in found[1]] == []


def test_no_sentence_stands_bare() -> None:
    texts = [(f"{path}:{line}", text) for path, tree in trees() for line, text in bare(tree)]
    assert len(texts) > 1000
    assert [found for found in texts if SENTENCE.fullmatch(found[1])] == []


def test_templates_are_translated() -> None:
    found = []
    for path in sorted([*HOUSE.rglob("*.html"), *HOUSE.rglob("*.txt")]):
        source = TRANSLATED.sub(" ", path.read_text())
        said = [
            *TAG.sub("\n", source).splitlines(),
            *("".join(two) for two in SAID.findall(source)),
        ]
        found += [
            (str(path.relative_to(HOUSE)), " ".join(text.split()))
            for text in said
            if not BRAND.issuperset(LETTERS.findall(text))
        ]
    assert found == []

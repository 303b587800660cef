"""Every template of the product keeps to the look: its classes, its icons, its policy."""

import re
from pathlib import Path

import pytest

from paidup.ui.icons import drawings

ROOT = Path(__file__).parents[2]
# Mails and documents are no pages.
DOORS = ["ui", "web", "portal", "sandbox"]
TEMPLATES = sorted(
    template for door in DOORS for template in (ROOT / "paidup" / door).glob("templates/**/*.html")
)
STYLES = [
    *(ROOT / "paidup").glob("**/static/**/*.css"),
    ROOT / "node_modules" / "@tabler" / "core" / "dist" / "css" / "tabler.min.css",
]
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
COMMENTS = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)


def source(template: Path) -> str:
    return COMMENTS.sub("", template.read_text())


def name(template: Path) -> str:
    return str(template.relative_to(ROOT))


@pytest.fixture(scope="module")
def styled() -> set[str]:
    rules = " ".join(style.read_text() for style in STYLES)
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"{[^{}]*}", " ", rules)))


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_every_class_has_a_rule(template: Path, styled: set[str]) -> None:
    plain = TAGS.sub(" ", source(template))
    used = {word for value in re.findall(r'class="([^"]*)"', plain) for word in value.split()}
    # A word that ends in a hyphen is completed by a tag.
    assert {word for word in used if not word.endswith("-")} <= styled


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_every_icon_is_in_the_sprite(template: Path) -> None:
    assert set(re.findall(r'{% icon "([^"]+)"', source(template))) <= drawings().keys()


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_nothing_is_inline(template: Path) -> None:
    plain = TAGS.sub("", source(template))
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\bsrc=)", plain)

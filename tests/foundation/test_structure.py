"""The house keeps its arrows: foreign keys point down, and rules never see HTTP or the clock."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

import paidup

HOUSE = Path(paidup.__file__).parent
DOORS = {"config", "web", "portal", "intake", "sandbox", "ui"}
# What only doors may know. Mail is rendered by communications, which answers nobody.
WEB = (
    "django.http",
    "django.shortcuts",
    "django.urls",
    "django.views",
    "django.template",
    "django.forms",
)
MAY_RENDER = {"communications/rendering.py"}
READS_THE_CLOCK = {"jobs.py"}


def floors() -> dict[str, int]:
    """Each room's height, from the layers that import-linter holds the imports to."""
    project = tomllib.loads((HOUSE.parent / "pyproject.toml").read_text())
    [contract] = project["tool"]["importlinter"]["contracts"]
    return {
        room.strip(" ()"): -number
        for number, layer in enumerate(contract["layers"])
        for room in layer.split("|")
    }


def test_foreign_keys_point_down() -> None:
    heights = floors()
    for model in apps.get_models():
        room = _room(model.__module__)
        for field in model._meta.local_fields:
            if room and field.related_model:
                target = _room(field.related_model.__module__)
                if target:
                    assert heights[target] <= heights[room], f"{model.__name__}.{field.name}"
                    assert target == room or heights[target] < heights[room], (
                        f"{model.__name__}.{field.name} points sideways"
                    )


@pytest.mark.parametrize(
    "path", sorted(HOUSE.rglob("*.py")), ids=lambda path: str(path.relative_to(HOUSE))
)
def test_rules_never_see_http_or_the_clock(path: Path) -> None:
    place = path.relative_to(HOUSE)
    if place.parts[0] in DOORS or "migrations" in place.parts:
        return
    for module, name in _imports(path):
        whole = f"{module}.{name}"
        assert str(place) in MAY_RENDER or not whole.startswith(WEB), whole
        if whole == "paidup.lib.clock" and place.parts[0] != "lib":
            assert place.name in READS_THE_CLOCK, "the time comes in as `at`, the day as `on`"


def test_no_file_outgrows_a_few_screens() -> None:
    long = {
        str(path.relative_to(HOUSE)): lines
        for path in HOUSE.rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def _room(module: str) -> str | None:
    package, _, rest = module.partition(".")
    return rest.partition(".")[0] if package == "paidup" else None


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.module, alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""

"""Does every import go downwards? Reads the code itself, so that a forbidden import fails before it is needed."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

LAYERS = [  # top first
    "composition",
    "cmcoord.meetings",
    "requests_app",
    "cmcoord.guidance",
    "contacts",
    "cmcoord.accounts",
    "cmcoord.places",
    "cmcoord.activity",
    "cmcoord.ui",
]
HEIGHT = {layer: len(LAYERS) - place for place, layer in enumerate(LAYERS)}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}


def layer_of(module: str) -> str | None:
    """The layer that a dotted module belongs to; None for a library."""
    for layer in LAYERS[1:]:
        if module == layer or module.startswith(layer + "."):
            return layer
    return "composition" if module.split(".", maxsplit=1)[0] == "cmcoord" else None


def code_files():
    for top in ("cmcoord", "requests_app", "contacts"):
        for file in sorted((settings.BASE_DIR / top).rglob("*.py")):
            yield file.relative_to(settings.BASE_DIR)


def module_of(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if isinstance(node, ast.ImportFrom):
        assert not node.level, "imports are written in full"
        return [f"{node.module}.{name.name}" for name in node.names]
    return []


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


@pytest.mark.parametrize("file", list(code_files()), ids=str)
def test_imports_stand_on_top_and_go_down(file):
    own = layer_of(module_of(file))
    tree = ast.parse((settings.BASE_DIR / file).read_text())
    allowed_late = {child for node in ast.walk(tree) if is_for_types_only(node) for child in ast.walk(node)}
    inside = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        for module in imported(node):
            assert node not in inside, f"{file}:{node.lineno} imports {module} inside a function"
            other = layer_of(module)
            if other is None or other == own or node in allowed_late:
                continue
            assert HEIGHT[other] < HEIGHT[own], f"{file}:{node.lineno} imports {module}, which lies above it"


def test_every_file_says_by_its_name_what_it_holds():
    assert not [str(file) for file in code_files() if file.stem in FORBIDDEN_NAMES]

"""Do all templates keep to one stylesheet, without inline script or style, and within the weight that was promised?"""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

PAGES = sorted(path for path in (settings.BASE_DIR / "templates").rglob("*.html") if "emails" not in path.parts)
STYLES = (settings.BASE_DIR / "static" / "portal.css").read_text()
SELECTORS = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", STYLES, flags=re.DOTALL))
CLASSES = set(re.findall(r"\.([a-z][\w-]*)", SELECTORS))
WITHOUT_STYLE = {"group", "justify", "ok", "quiet", "done", "qr", "unsent"}  # only words for people and scripts


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_carries_inline_script_or_style(page):
    text = page.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\bsrc=)|javascript:", text)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_class_stands_in_the_stylesheet(page):
    classes = re.sub(
        r"{%.*?%}|{{.*?}}", " ", " ".join(re.findall(r'class="((?:{[{%].*?[%}]}|[^"])*)"', page.read_text()))
    )
    assert set(classes.split()) - CLASSES - WITHOUT_STYLE == set()


@pytest.mark.parametrize(("file", "most"), [("portal.css", 7200), ("portal.js", 2500), ("icons.svg", 2000)])
def test_what_every_page_loads_stays_light(file, most):
    assert len(gzip.compress((settings.BASE_DIR / "static" / file).read_bytes())) <= most


def test_nothing_is_loaded_from_elsewhere():
    assert "http" not in STYLES
    assert "@import" not in STYLES

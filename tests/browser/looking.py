"""What can be said against a page that is open in the browser? Lists of findings; an empty one is fine."""

from pathlib import Path

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe_findings(page) -> list[str]:
    """What axe has against the page (WCAG 2.2 A and AA), one line per element; the page needs script."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", AXE_RULES)
    return [f"{each['id']}: {node['target']} {node['html']}" for each in found["violations"] for node in each["nodes"]]


def overflows(page) -> list[str]:
    """Elements that make the page scroll sideways; empty is fine."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
    )

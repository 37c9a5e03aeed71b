"""What can be said against a page that is open in the browser? Lists of findings; an empty one is fine."""

from pathlib import Path

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe_findings(page) -> list[str]:
    """What axe has against the page (WCAG 2.2 A and AA), one line per element; the page needs script."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("asked => axe.run(document, asked)", {"runOnly": AXE_RULES, "resultTypes": ["violations"]})
    return [f"{each['id']}: {node['target']} {node['html']}" for each in found["violations"] for node in each["nodes"]]


def overflows(page) -> list[str]:
    """Elements that make the page scroll sideways, and buttons that are too small for their words; empty is fine."""
    return page.evaluate(
        """() => {
            const all = what => [...document.querySelectorAll(what)];
            const wide = document.documentElement.scrollWidth <= innerWidth ? [] :
                all("body *").filter(e => e.getBoundingClientRect().right > innerWidth + 1);
            const tight = all("button:not(.hide), .btn, .badge").filter(e => e.scrollWidth > e.clientWidth + 1);
            return [...wide.slice(0, 5), ...tight].map(e => e.outerHTML.slice(0, 120));
        }"""
    )


def unfold(page) -> None:
    """Open everything that is folded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true })")


class Line:
    """What a page needs over the line: compressed bytes with headers, as Chromium counts them with an empty memory.

    `first` is everything, `following` leaves out the files that a browser keeps for good once it has them.
    """

    def __init__(self, page):
        self.page, self.under_way, self.kept = page, set(), set()
        self.first = self.following = 0
        devtools = page.context.new_cdp_session(page)
        devtools.on("Network.requestWillBeSent", lambda event: self.under_way.add(event["requestId"]))
        devtools.on("Network.responseReceived", self._answered)
        devtools.on("Network.loadingFinished", self._finished)
        devtools.on("Network.loadingFailed", lambda event: self.under_way.discard(event["requestId"]))
        devtools.send("Network.enable")
        devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def goto(self, address: str):
        """Open the page and count, until nothing is under way any more."""
        self.first = self.following = 0
        answer = self.page.goto(address)
        for _turn in range(200):
            self.page.wait_for_timeout(10)
            if not self.under_way:
                return answer
        raise AssertionError(f"Still under way on {address}: {self.under_way}")

    def _answered(self, event):
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        if "immutable" in headers.get("cache-control", ""):
            self.kept.add(event["requestId"])

    def _finished(self, event):
        self.under_way.discard(event["requestId"])
        self.first += int(event["encodedDataLength"])
        if event["requestId"] not in self.kept:
            self.following += int(event["encodedDataLength"])

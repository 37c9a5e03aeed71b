"""Which score does the Mozilla HTTP Observatory give a page? Its published rules (MDN, charts.js of August 2026).

A page begins with 100. Redirections and the preload list are judged for a site on the internet, and left out here.
COOP and COEP were added in 2026; without them the highest score is 145.
"""

import re
from email.message import Message
from http.cookies import SimpleCookie

HALF_YEAR = 15_768_000
SAFE_REFERRER = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def score(headers: Message, page: str, *, with_opener_and_embedder: bool = True) -> dict[str, int]:
    """The points of each rule; their sum and 100 are the score."""
    csp = {
        words[0]: words[1:] for part in headers.get("Content-Security-Policy", "").split(";") if (words := part.split())
    }
    points = {
        "content-security-policy": _csp(csp),
        "cookies": _cookies(headers),
        "cors": -50 if headers.get("Access-Control-Allow-Origin") == "*" else 0,
        "referrer-policy": 5 if headers.get("Referrer-Policy") in SAFE_REFERRER else -5,
        "strict-transport-security": _hsts(headers.get("Strict-Transport-Security", "")),
        "subresource-integrity": _integrity(page),
        "x-content-type-options": 0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        "x-frame-options": 5 if csp.get("frame-ancestors") == ["'none'"] else -20,
        "cross-origin-resource-policy": 10 if headers.get("Cross-Origin-Resource-Policy") == "same-origin" else 0,
    }
    if with_opener_and_embedder:
        points["coop"] = 10 if headers.get("Cross-Origin-Opener-Policy") == "same-origin" else 0
        points["coep"] = 10 if headers.get("Cross-Origin-Embedder-Policy") == "require-corp" else 0
    return points


def _csp(csp: dict) -> int:
    if not csp:
        return -25
    unsafe = {"'unsafe-inline'", "'unsafe-eval'", "data:", "*", "https:", "http:"}
    scripts, styles = (csp.get(name, csp.get("default-src", ["*"])) for name in ("script-src", "style-src"))
    if unsafe & {*scripts}:
        return -20
    if unsafe & {*styles}:
        return 0
    return 10 if csp.get("default-src") == ["'none'"] else 5


def _cookies(headers: Message) -> int:
    found = SimpleCookie()
    for line in headers.get_all("Set-Cookie") or []:
        found.load(line)
    if not found:
        return 0
    if not all(cookie["secure"] for cookie in found.values()):
        return -40
    if not all(cookie["httponly"] for name, cookie in found.items() if "session" in name):
        return -30
    return 5 if all(cookie["samesite"] in ("Lax", "Strict") for cookie in found.values()) else 0


def _hsts(value: str) -> int:
    age = re.search(r"max-age=(\d+)", value)
    return -20 if age is None else 0 if int(age[1]) >= HALF_YEAR else -10


def _integrity(page: str) -> int:
    scripts = re.findall(r"<script[^>]*\bsrc=[^>]*>", page)
    if any(re.search(r'src="(?:https?:)?//', tag) for tag in scripts):
        return -50
    return 5 if scripts and all("integrity=" in tag for tag in scripts) else 0

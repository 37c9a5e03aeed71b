"""What is left of a text that was pasted from a word processor? Its words, with lines and bullets, and nothing else."""

from __future__ import annotations

import html
import re

import nh3

from cmcoord.ui.words import cleaned

# Tags that word processors and mail programs write; a sentence with "a < b" or "<unknown>" is left as it is.
MARKUP = re.compile(
    r"<(?:!--\[if|!DOCTYPE|/?(?:html|head|body|meta|style|script|div|span|p|br|b|i|u|em|strong|font|table|tbody|thead|tr|td|th|ul"
    r"|ol|li|h[1-6]|a|o:p|w:\w+|img)(?:\s[^<>]*)?/?>)",
    re.IGNORECASE,
)
UNSHOWN = re.compile(r"<!--|<(style|script|xml|head|title)\b", re.IGNORECASE)
SPACES = re.compile(r"\s+")
BLOCKS = (
    (re.compile(r"<li\b[^<>]*>", re.IGNORECASE), "\n• "),
    (re.compile(r"</t[dh]\s*>", re.IGNORECASE), " | "),
    (re.compile(r"<br\b[^<>]*>", re.IGNORECASE), "\n"),
    (re.compile(r"</(?:p|div|tr|h[1-6]|ul|ol|table)\s*>", re.IGNORECASE), "\n"),
)
# What symbol fonts write for a bullet, and lists that word processors draw with a sign, spaces and a tab.
BULLET = re.compile(r"^[ \t]*(?:[\uf0a0-\uf0ff·•▪◦●■□–—oØ§-]|\u27a2|\u2713)[ \t\u00a0]*\t[ \t\u00a0]*", re.MULTILINE)
SYMBOLS = re.compile("[\ue000-\uf8ff]")  # letters of a symbol font, which nobody else can show
BREAKS = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\u2028": "\n", "\u2029": "\n", "\u00a0": " ", "\u2011": "-"})
GAPS, ENDS, EMPTY = re.compile("[ \t]{2,}|\t"), re.compile("[ \t]+$", re.MULTILINE), re.compile("\n{3,}")


def pasted(text: str) -> str:
    """The words alone: without markup, unseen signs and drawn bullets; letters such as ɛ, ɔ, ŋ, é, ç as they are."""
    words = text.replace("\r\n", "\n").replace("\r", "\n")
    if MARKUP.search(words):
        words = _without_markup(words)
    words = SYMBOLS.sub("", BULLET.sub("• ", words.translate(BREAKS)))
    words = EMPTY.sub("\n\n", ENDS.sub("", GAPS.sub(" ", cleaned(words))))
    return words.strip()


def _without_markup(words: str) -> str:
    words = _without_unshown(words)
    if not any(tag.search(words) for tag, _instead in BLOCKS):  # its lines are lines, with a mark in them
        return html.unescape(nh3.clean(words, tags=set()))
    words = SPACES.sub(" ", words)
    for tag, instead in BLOCKS:
        words = tag.sub(instead, words)
    words = html.unescape(nh3.clean(words, tags=set()))
    lines = (SPACES.sub(" ", line).strip() for line in words.split("\n"))
    return "\n".join(filter(None, lines))


def _without_unshown(words: str) -> str:
    """Without comments, styles and the like: each sign is looked at once, however hostile the text is."""
    kept, here, endless = [], 0, set()
    while found := UNSHOWN.search(words, here):
        name = (found[1] or "").lower()
        last = f"</{name}" if name else "-->"
        end = None if last in endless else re.compile(last, re.IGNORECASE).search(words, found.end())
        if end is None:  # it never ends: what follows is words
            endless.add(last)
            kept.append(words[here : found.end()])
            here = found.end()
            continue
        kept.append(words[here : found.start()])
        close = words.find(">", end.start())
        here = len(words) if close < 0 else close + 1
    return "".join(kept) + words[here:]

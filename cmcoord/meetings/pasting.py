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
UNSHOWN = re.compile(r"<!--.*?-->|<(style|script|xml|head|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
BLOCKS = (
    (re.compile(r"\s*<li\b[^>]*>\s*", re.IGNORECASE), "\n• "),
    (re.compile(r"\s*</t[dh]\s*>\s*", re.IGNORECASE), " | "),
    (re.compile(r"\s*<br\b[^>]*>\s*", re.IGNORECASE), "\n"),
    (re.compile(r"\s*</(?:p|div|tr|h[1-6]|ul|ol|table)\s*>\s*", re.IGNORECASE), "\n"),
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
    words = UNSHOWN.sub("", words)
    if not any(tag.search(words) for tag, _instead in BLOCKS):  # its lines are lines, with a mark in them
        return html.unescape(nh3.clean(words, tags=set()))
    words = re.sub(r"[ \t]*\n[ \t]*", " ", words)
    for tag, instead in BLOCKS:
        words = tag.sub(instead, words)
    return re.sub(r"\s*\n\s*", "\n", html.unescape(nh3.clean(words, tags=set())))

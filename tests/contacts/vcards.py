"""A strict reader of vCards, after RFC 6350 §3 and RFC 2426 §2: what a line breaks of the rules, it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = re.compile(r"[A-Za-z0-9-]+")
PARAM = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^";:,]*(?:,[^";:,]*)*)')
ESCAPED = re.compile(r"\\(.)")
SIGNS = {"n": "\n", "N": "\n", ",": ",", ";": ";", "\\": "\\"}


@dataclass(frozen=True)
class Property:
    """One property: its name, its parameters and its value, still escaped."""

    name: str
    params: dict[str, str]
    raw: str

    @property
    def text(self) -> str:
        return ESCAPED.sub(lambda found: SIGNS[found[1]], self.raw)

    @property
    def parts(self) -> list[str]:
        """The components of a structured value."""
        return [ESCAPED.sub(lambda found: SIGNS[found[1]], part) for part in re.split(r"(?<!\\);", self.raw)]


def read(content: bytes) -> list[dict[str, list[Property]]]:
    """The cards of a file, each as its properties by name."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")[:-1]
    assert all(0 < len(line) <= 75 for line in lines), "a line is longer than 75 bytes"
    for line in lines:
        line.decode()  # no letter is cut in two
    unfolded = content.decode().replace("\r\n ", "").split("\r\n")[:-1]
    cards: list[dict[str, list[Property]]] = []
    card: dict[str, list[Property]] | None = None
    for line in unfolded:
        found = _property(line)
        if found.name == "BEGIN":
            assert card is None and found.raw == "VCARD"
            card = {}
        elif found.name == "END":
            assert card is not None and found.raw == "VCARD"
            assert next(iter(card)) == "VERSION", "the version stands first"
            assert len(card["VERSION"]) == len(card["FN"]) == 1
            cards.append(card)
            card = None
        else:
            assert card is not None
            card.setdefault(found.name, []).append(found)
    assert card is None
    return cards


def _property(line: str) -> Property:
    name = NAME.match(line)
    assert name, line
    place, params = name.end(), {}
    while line[place] == ";":
        param = PARAM.match(line, place)
        assert param, line
        params[param[1].upper()] = param[2].strip('"')
        place = param.end()
    assert line[place] == ":", line
    return Property(name[0].upper(), params, line[place + 1 :])

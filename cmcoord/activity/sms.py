"""What is told by SMS too, and what does an SMS say? A reference and a link; nothing of what happened, no place.

Templates are looked for from the particular to the general: sms/case_decide.txt, sms/case.txt, sms/any.txt; a reader on
the force's side gets sms/force.txt.
"""

import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import select_template
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime

from cmcoord.activity import kinds, mail, sentences
from cmcoord.activity.models import ErasableValue, Notification

SOON = timedelta(hours=6)  # what is due later waits for the mail
CODE = "code"  # the erasable value that holds the code with which a number is confirmed
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
PLAIN = {"\N{NARROW NO-BREAK SPACE}": " ", "\N{NO-BREAK SPACE}": " ", "’": "'", "«": '"', "»": '"', "–": "-", "œ": "oe"}


def is_pressing(kind: str, expects: str, data: Mapping[str, Any], at: datetime) -> bool:
    """Is this told by SMS too: asked of the reader within six hours, or said of something that cannot wait so long?

    An event says by "urgent" that it concerns an urgent request or stops one that is about to leave.
    """
    group = kinds.group_of(kind, expects)
    if group not in kinds.BY_SMS or data.get("clock") in kinds.UNHURRIED:
        return False
    if data.get("urgent"):
        return True
    due = due_of(expects, data)
    return kinds.asks_something(expects) and due is not None and due <= at + SOON


def due_of(expects: str, data: Mapping[str, Any]) -> datetime | None:
    """By when this reader has to act; of a step that is late, when it was due."""
    due = mail.due_for(dict(data), expects) or data.get("due")
    moment = due if isinstance(due, datetime) else parse_datetime(due) if isinstance(due, str) else None
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment


def text_for(notification: Notification) -> str:
    """The SMS of this row in its reader's language, in the alphabet that every telephone network carries."""
    event, person = notification.event, notification.recipient
    side = getattr(person, "side", "")
    names = ["force"] if sentences.hides(event, side) else _names(notification.kind)
    context = {
        "reference": sentences.reference(event, side),
        "link": mail.absolute(sentences.path(event, side)),
        "asks": kinds.asks_something(notification.expects),
        "code": code_of(event),
    }
    with translation.override(mail.language_of(notification)):
        return plain(select_template([f"sms/{name}.txt" for name in names]).render(context))


def _names(kind: str) -> list[str]:
    return [kind.replace(".", "_"), kind.partition(".")[0], "any"]


def code_of(event) -> str:
    if CODE not in event.data.get("digests", {}):
        return ""
    return ErasableValue.objects.filter(event=event, field=CODE).values_list("value", flat=True).first() or ""


def plain(text: str) -> str:
    """One line of signs of GSM 03.38: letters outside it lose their accents, other signs become a question mark."""
    line = " ".join("".join(PLAIN.get(sign, sign) for sign in text).split())
    return "".join(sign if sign in GSM else _nearest(sign) for sign in line)


def _nearest(sign: str) -> str:
    bare = unicodedata.normalize("NFKD", sign)[0]
    return bare if bare in GSM else "?"

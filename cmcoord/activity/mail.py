"""What a notification says as a mail: subject, text and HTML, in its reader's language, with nothing confidential.

Templates are looked for from the particular to the general: emails/case_decide.txt, emails/case.txt, emails/any.txt;
a reader on the force's side gets emails/force.txt and sees only what was transmitted.
"""

import re
from collections.abc import Callable
from datetime import datetime
from email.mime.base import MIMEBase
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import select_template
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cmcoord.activity import barrier, kinds, sentences
from cmcoord.activity.models import ErasableValue, Notification
from cmcoord.activity.numbers import hidden
from cmcoord.ui.templatetags.ui import date_in_words

LINK = "link"  # the erasable value that holds a one-time link
# What is attached to mails of events of a noun ("meeting"); the app that knows writes its own line when it starts.
ATTACHING: dict[str, Callable[[Notification], list[MIMEBase]]] = {}


def message_for(notification: Notification, *, connection=None) -> EmailMultiAlternatives:
    """The mail of this row, addressed to one person and to nobody else."""
    with translation.override(language_of(notification)):
        context = context_of(notification)
        strict = context.get("strict") and not context["hidden"]
        names = ["emails/any"] if strict else template_names(notification, hidden=context["hidden"])
        subject = " ".join(_rendered(names, "_subject.txt", context).split())
        text = re.sub(r"\n{3,}", "\n\n", _rendered(names, ".txt", context))
        html = _rendered(names, ".html", context)
    message = EmailMultiAlternatives(
        subject,
        text.strip() + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [address_of(notification)],
        connection=connection,
        headers={"Message-ID": message_id(notification), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    attaching = ATTACHING.get(notification.kind.partition(".")[0])
    for part in attaching(notification) if attaching else ():
        message.attach(part)
    return message


def message_id(notification: Notification) -> str:
    """The same at each attempt, so that a mail sent twice is seen once."""
    return f"<{hidden(notification.pk)}@{urlsplit(settings.PORTAL_URL).hostname}>"


def address_of(notification: Notification) -> str:
    return notification.recipient.email if notification.recipient_id else notification.address


def language_of(notification: Notification) -> str:
    own = notification.recipient.language if notification.recipient_id else notification.language
    return own or settings.LANGUAGE_CODE


def template_names(notification: Notification, *, hidden: bool) -> list[str]:
    if hidden:
        return ["emails/force"]
    kind = notification.kind.replace(".", "_")
    noun = notification.kind.partition(".")[0]
    return [f"emails/{kind}", f"emails/{noun}", "emails/any"]


def context_of(notification: Notification) -> dict:
    """Everything that a mail's templates may use. What is not in here cannot leak."""
    event, person = notification.event, notification.recipient
    side = getattr(person, "side", "") if person else ""
    asks = kinds.asks_something(notification.expects)
    expected = kinds.expectation(notification.expects)
    known = barrier.class_of(event.subject_kind, event.subject_id)
    if known == barrier.Sensitivity.STRICT:
        return _only_that_something_waits(notification, side)
    return {
        "hidden": sentences.hides(event, side),
        "class_word": "" if known is None or sentences.hides(event, side) else known.label,
        "reference": sentences.reference(event, side),
        "headline": sentences.headline(event, side),
        "sentence": sentences.sentence(event, side),
        "asks": asks,
        "expects": notification.expects,
        "expects_subject": expected.subject,
        "expects_sentence": expected.sentence,
        "due": time_in_words(due_for(event.data, notification.expects), event.data) if asks else "",
        **({} if sentences.hides(event, side) else whose_turn(event.data)),
        "duty": duty_of(event.data.get("duty")),
        "call_next": [] if sentences.hides(event, side) else duty_of(event.data.get("call_next")),
        "moment": time_in_words(event.data.get("starts"), event.data),
        "place": event.data.get("place", ""),
        "anchor": event.data.get("anchor"),
        "stream": event.data.get("stream"),
        "bad": bad_row(event.data),
        "person": str(person) if person else "",
        "link": absolute(one_time_link(event) or sentences.path(event, side)),
        "portal_url": settings.PORTAL_URL,
        "preferences_url": "" if kinds.is_mandatory(event.kind, notification.expects) else _preferences_url(),
        "language": translation.get_language(),
    }


def _only_that_something_waits(notification: Notification, side: str) -> dict:
    """Of what is strictly confidential a mail says its reference, and nothing of what happened or is asked."""
    event, person = notification.event, notification.recipient
    to_force = sentences.hides(event, side)
    return {
        "hidden": to_force,
        "strict": True,
        "class_word": "" if to_force else barrier.Sensitivity.STRICT.label,
        "reference": sentences.reference(event, side),
        "headline": _("strictly confidential"),
        "expects_subject": _("something waits for you"),
        "sentence": _("Something waits for you in the portal."),
        "asks": False,
        "person": str(person) if person else "",
        "link": absolute(sentences.path(event, side)),
        "portal_url": settings.PORTAL_URL,
        "preferences_url": "" if kinds.is_mandatory(event.kind, notification.expects) else _preferences_url(),
        "language": translation.get_language(),
    }


def due_for(data: dict, expects: str) -> Any:
    """By when this reader has to act: the time of their own step, where the event tells several."""
    due, steps = data.get("due"), kinds.expectation(expects).steps
    if isinstance(due, dict):
        return due.get(expects)
    clocks = data.get("clocks") or {data.get("clock"): due}
    of_step = next((clocks[step] for step in steps if step in clocks), None)
    return of_step or (due if not steps or "clock" not in data else None)


def whose_turn(data: dict) -> dict:
    """Who has to act now, and by when, for somebody who is only informed."""
    whose = sentences.in_language(data.get("whose")) or kinds.STEPS.get(data.get("clock", ""), "")
    due = data.get("due")
    return {"whose": whose, "whose_due": "" if isinstance(due, dict) else time_in_words(due, data)}


def time_in_words(due: Any, data: dict) -> str:
    """A moment in the time of the station with UTC beside it; anything else as it is."""
    moment = due if isinstance(due, datetime) else parse_datetime(str(due or ""))
    if moment is None:
        return str(due or "")
    if timezone.is_naive(moment):
        moment = moment.replace(tzinfo=ZoneInfo("UTC"))
    utc = moment.astimezone(ZoneInfo("UTC"))
    local = moment.astimezone(ZoneInfo(data.get("timezone") or "UTC"))
    day = date_in_words(local, "l j F Y")
    if local.utcoffset() == utc.utcoffset():
        return _("%(day)s, %(time)s UTC") % {"day": day, "time": utc.strftime("%H:%M")}
    times = {"day": day, "time": local.strftime("%H:%M"), "utc": utc.strftime("%H:%M")}
    return _("%(day)s, %(time)s local time (%(utc)s UTC)") % times


def duty_of(named: Any) -> list[dict]:
    """Whom to call: function and telephone, as the event named one or several."""
    return [
        {"function": sentences.in_language(one.get("function")), "telephone": str(one.get("telephone") or "")}
        for one in ([named] if isinstance(named, dict) else named or [])
    ]


def bad_row(data: dict) -> str:
    """The row of the trail that was changed by hand, for those outside: its table and number, nothing that it says."""
    return f"{data['table']} {data['row']}" if "table" in data and "row" in data else ""


def one_time_link(event) -> str:
    if LINK not in event.data.get("digests", {}):
        return ""
    return ErasableValue.objects.filter(event=event, field=LINK).values_list("value", flat=True).first() or ""


def absolute(address: str) -> str:
    return f"{settings.PORTAL_URL}{address}" if address.startswith("/") else address


def _preferences_url() -> str:
    return f"{settings.PORTAL_URL}/notifications/preferences/"


def _rendered(names: list[str], ending: str, context: dict) -> str:
    return select_template([name + ending for name in names]).render(context)

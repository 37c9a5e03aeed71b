"""How one event reads in a timeline, in the list of notifications and in a mail: one sentence, for one side."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cmcoord.activity import kinds
from cmcoord.activity.models import Event

HUMANITARIAN = "humanitarian"


def sentence(event: Event, side: str = HUMANITARIAN) -> str:
    """What happened, in the active language. A reader of another side gets the neutral sentence and nothing else."""
    kind = kinds.kind_of(event.kind)
    hidden = hides(event, side)
    text = str(kind.told(event.data.get("what", ""), to_force=hidden) or kinds.DEFAULTS["case"].force)
    if "%(" not in text:
        return text
    facts = {
        name: in_language(event.data.get(name)) for name in ("rotation", "called", "organisation", "body", "points")
    }
    return text % {"actor": actor(event, side), **facts}


def headline(event: Event, side: str = HUMANITARIAN) -> str:
    """The same in two or three words, for a subject line; "" for another side."""
    return "" if hides(event, side) else str(kinds.kind_of(event.kind).headline)


def actor(event: Event, side: str = HUMANITARIAN) -> str:
    """Who did it, by function: "OCHA Bria", "OCHA Bria for OCHA Bangui", or the portal; to another side only "OCHA"."""
    names_person = not hides(event, side) or getattr(event.by, "side", "") == side
    person = (in_language(event.data.get("actor")) or function_of(event.by)) if names_person else _("OCHA")
    if event.data.get("recorded_for"):
        said_by = in_language(event.data["recorded_for"])
        if names_person and event.data.get("delegation") and event.acting_for_id:
            said_by = by_delegation(said_by, event.acting_for)
        return _("%(person)s, recording for %(principal)s,") % {"person": person, "principal": said_by}
    if names_person and event.data.get("delegation") and event.acting_for_id:
        return by_delegation(person, event.acting_for)
    if names_person and event.acting_for_id and event.acting_for_id != event.by_id:
        return _("%(person)s for %(principal)s") % {"person": person, "principal": function_of(event.acting_for)}
    return person


def by_delegation(person: str, delegator) -> str:
    """Who signed for the Humanitarian Coordinator, and who let them: on pages, mails and papers alike."""
    return _("%(person)s, for the Humanitarian Coordinator, by delegation of %(delegator)s") % {
        "person": person,
        "delegator": delegator,
    }


def function_of(person) -> str:
    if person is None:
        return _("The portal")
    title = getattr(person, "function_title", "")
    return _(title) if title else str(person)  # a function that the portal itself names is said in every language


def reference(event: Event, side: str = HUMANITARIAN) -> str:
    """The reference under which this side knows the subject; the humanitarian one is for humanitarians only."""
    return event.data.get("force_reference" if hides(event, side) else "reference") or ""


def path(event: Event, side: str = HUMANITARIAN) -> str:
    """Where this side reads more; a force goes to its own pages."""
    return event.data.get("force_url", "/force/") if hides(event, side) else event.data.get("url", "/")


def hides(event: Event, side: str) -> bool:
    """Must this reader get only what was transmitted? True for every side but one, except about their own account.

    Of a request no other side hears more, whatever is asked; who has no account (side "") was written to on purpose.
    """
    if side == HUMANITARIAN:
        return False
    about_rights = kinds.kind_of(event.kind).group == "rights"
    return not about_rights or (bool(side) and event.kind.startswith("case."))


def in_language(value: Any) -> str:
    """A text from an event's data: as it is, or, when it was given as {"en": …, "fr": …}, in the active language."""
    if isinstance(value, dict):
        return value.get((get_language() or "en")[:2]) or value.get("en") or ""
    return str(value or "")

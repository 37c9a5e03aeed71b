"""What stands on the printed agenda, and on the list that people sign when they come in?

Both are joint: no name, no proposal, nothing of one side alone.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cmcoord.activity.barrier import Sensitivity
from cmcoord.meetings import agenda as standing_items
from cmcoord.meetings import ics
from cmcoord.meetings.models import Meeting
from cmcoord.meetings.services.attending import grid
from cmcoord.ui.papers import Paper, Section
from cmcoord.ui.templatetags.ui import date_in_words
from contacts.models import Category

EMPTY_LINES, EMPTY = 12, "\u00a0\n\u00a0"  # two lines of type: room for a signature


def agenda(meeting: Meeting, *, language: str) -> Paper:
    """The agenda, with what comes to it by itself."""
    with translation.override(language):
        standing = standing_items.standing(meeting, most=standing_items.PRINTED)
        head = (_("No."), _("Item"), _("Led by"), pgettext("length", "Minutes"))
        lines = tuple(
            (str(number), item.title, item.lead, str(item.minutes_planned or ""))
            for number, item in enumerate(meeting.agenda.all(), start=1)
        )
        extra = []
        if standing.to_adopt:
            extra.append(Section(_("Minutes to adopt"), items=tuple(str(row) for row in standing.to_adopt)))
        if standing.points:
            columns = (_("No."), _("Action"), _("Responsible"), _("Deadline"))
            rows = ((row.reference, row.words, row.owner, date_in_words(row.due, "j M Y")) for row in standing.points)
            left_out = (("", _("%(count)d more") % {"count": standing.more}, "", ""),) if standing.more else ()
            points = (columns, *rows, *left_out)
            extra.append(Section(_("Open action points"), table=points, widths=(18, 50, 28, 16)))
        table = Section(_("Agenda"), table=(head, *lines), widths=(8, 60, 30, 12))
        return _paper(meeting, _("Agenda"), (table, *extra), language)


def sign_in_sheet(meeting: Meeting, *, language: str) -> Paper:
    """A line for each organisation that sits in the body, and empty ones for guests."""
    with translation.override(language):
        head = (_("Organisation"), _("Name and function"), _("Signature"))
        lines, guests = grid(meeting)
        names = {str(line.organisation): str(Category(line.category).label) for line in lines}
        names |= {row.who: row.get_category_display() for row in guests if row.who not in names}
        filled = ((f"{name}\n{category}", " ", " ") for name, category in names.items())
        table = (head, *filled, *((EMPTY, " ", " "),) * EMPTY_LINES)
        section = Section(_("Present"), table=table, widths=(36, 44, 30))
        return _paper(meeting, _("Attendance list"), (section,), language)


def _paper(meeting: Meeting, title: str, sections: tuple[Section, ...], language: str) -> Paper:
    day = date_in_words(meeting.local_start.date(), "l j F Y")
    facts = [(_("Date"), day), (_("Time"), ics.times(meeting))]
    facts += [(_("Place"), meeting.place)] if meeting.place else []
    facts += [(_("Working languages"), ", ".join(meeting.language_words))]
    return Paper(
        title=f"{title} – {meeting.body.name}",
        lede=day,
        reference=meeting.reference,
        label=str(Sensitivity.RESTRICTED.label),
        sections=(Section(_("The meeting"), rows=tuple(facts)), *sections),
        foot=f"{settings.PORTAL_URL}{meeting.get_absolute_url()}",
        language=language,
    )

"""How does the humanitarian side write its own notes beside a meeting, and the joint text in another language?"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cmcoord.accounts.models import User
from cmcoord.activity.services import record
from cmcoord.meetings import chairs, visibility
from cmcoord.meetings.models import HumanitarianNote, Meeting, Minutes, Translation
from cmcoord.meetings.models.minutes import LANGUAGES, LONGEST
from cmcoord.meetings.pasting import pasted
from cmcoord.meetings.services import writing
from cmcoord.ui.words import in_one_line


class StaleNote(Exception):
    """Somebody else saved this note meanwhile; `note` is how it stands now."""

    def __init__(self, note: HumanitarianNote):
        super().__init__(_("Somebody else saved this note meanwhile."))
        self.note = note


@transaction.atomic
def add_note(meeting: Meeting, *, by: User, title: str, text: str) -> HumanitarianNote:
    """A note to a meeting that the humanitarian side alone knows of (domain.md §4.2). Raises PermissionDenied."""
    _must_note(by, meeting)
    title, text = _checked(title, text)
    row = HumanitarianNote.objects.create(meeting=meeting, title=title, text=text, created_by=by, changed_by=by)
    _note(row, "note.add", by=by)
    return row


@transaction.atomic
def write_note(note: HumanitarianNote, *, by: User, version: int, title: str, text: str) -> HumanitarianNote:
    """Change a note; raises StaleNote where somebody else saved meanwhile."""
    HumanitarianNote.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=note.pk)
    note = HumanitarianNote.objects.select_related("meeting__body__country").get(pk=note.pk)
    _must_note(by, note.meeting)
    title, text = _checked(title, text)
    if (note.title, note.text) == (title, text):
        return note
    if version != note.version:
        raise StaleNote(note)
    note.title, note.text, note.changed_by, note.changed_at = title, text, by, timezone.now()
    note.version += 1
    note.save(update_fields=["title", "text", "version", "changed_by", "changed_at"])
    _note(note, "note.write", by=by)
    return note


@transaction.atomic
def translate_minutes(
    minutes: Minutes, *, by: User, language: str, digest: str, words: list[dict[str, Any]]
) -> Translation:
    """Keep the minutes in another language, point by point; `digest` is the text that was translated.

    Final minutes may be translated too: a translation is marked as one and signed by nobody.
    """
    Minutes.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=minutes.pk)
    minutes = writing.fresh(minutes.pk)
    if not chairs.prepares(by, minutes.meeting.body):
        raise PermissionDenied(writing.not_yours())
    if language not in dict(LANGUAGES) or language == minutes.language:
        raise ValidationError(_("Choose another language than that of the minutes."))
    if digest != minutes.digest:
        raise ValidationError(_("The text was changed since you opened it. Read it again."))
    content = [_translated(entry) for entry in words]
    if sum(len(str(entry)) for entry in content) > LONGEST * writing.MOST_ITEMS:
        raise ValidationError(_("This is too long."))
    row, _new = Translation.objects.update_or_create(
        minutes=minutes, language=language,
        defaults={"content": content, "of_digest": digest, "by": by, "at": timezone.now()},
    )  # fmt: skip
    writing.record_of(minutes, "minutes.translate", by=by, data={"language": language})
    return row


def _translated(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": in_one_line(pasted(entry.get("title", ""))),
        "summary": pasted(entry.get("summary", "")),
        **{name: [in_one_line(pasted(each)) for each in entry.get(name, [])] for name in ("decisions", "points")},
    }


def _must_note(by: User, meeting: Meeting) -> None:
    if not visibility.reads_notes(by, meeting.body):
        raise PermissionDenied(_("Notes beside a meeting are written by humanitarians who sit in the body."))


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = in_one_line(pasted(title)), pasted(text)
    wrong = {}
    if not title:
        wrong["title"] = _("Say what the note is about.")
    elif len(title) > writing.LONGEST_TITLE:
        wrong["title"] = writing.too_long(len(title), writing.LONGEST_TITLE)
    if not text:
        wrong["text"] = _("Write it down in words.")
    elif len(text) > LONGEST:
        wrong["text"] = writing.too_long(len(text), LONGEST)
    if wrong:
        raise ValidationError(wrong)
    return title, text


def _note(row: HumanitarianNote, kind: str, *, by: User) -> None:
    """That there is a note goes into the trail, its words do not."""
    record(row, kind, by=by, data={"version": row.version, "url": row.meeting.get_absolute_url()})

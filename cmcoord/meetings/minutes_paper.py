"""The minutes on paper, as people expect them: the same layout as PDF and as a document of a word processor.

Place, date, participants, organisations and chairs on top; a table of agenda point, summary, action, responsible and
deadline; decisions; attendance by organisation; the signatures with the digest (domain.md §3.7). Everything comes from
the values that were signed, so that no name of a person and nothing of the humanitarian side can stand on it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmcoord.activity.barrier import Sensitivity
from cmcoord.meetings import known_cases, signing
from cmcoord.meetings.models import Addendum, Adoption, Attendance, Minutes, Signature
from cmcoord.meetings.models.meetings import Modality
from cmcoord.ui.documents import docx
from cmcoord.ui.papers import Paper, Section, pdf
from cmcoord.ui.templatetags.ui import date_in_words
from contacts.models import Body, Category, Seat

POINTS_WIDTHS = (2.0, 4.2, 2.6, 1.6, 1.4)
ATTENDANCE_WIDTHS = (3.0, 3.4, 1.6, 1.6, 1.4)
LANGUAGE_WORDS = {"en": "English", "fr": "français"}


@dataclass(frozen=True)
class Whole:
    """The joint text with everything that stands under it, as one language shows it."""

    content: dict[str, Any]
    digest: str  # none for a reader from whom something is hidden: by it a reference could be tried out
    language: str
    number: int | None = None
    is_final: bool = False
    how: str = ""
    final_at: dt.datetime | None = None
    signatures: tuple[Signature, ...] = ()
    adopted_by: str = ""
    adoptions: tuple[Adoption, ...] = ()  # as each chair recorded it
    objections: tuple[tuple[str, str], ...] = ()
    addenda: tuple[Addendum, ...] = ()
    translated_from: str = ""
    translation_is_stale: bool = False
    items: list[dict[str, Any]] = field(default_factory=list)


def whole_of(
    minutes: Minutes, content: dict[str, Any], *, language: str = "", released: dt.datetime | None = None
) -> Whole:
    """The minutes in their own language, or in another one where a translation is kept; else in their own.

    As they were `released` at a moment: with the corrections that every chair had signed by then, and no other.
    """
    kept = {row.language: row for row in minutes.translations.all()}
    translated = kept.get(language) if language != minutes.language else None
    adopted = signing.adoptions_of(minutes) if minutes.is_final else []
    signed = [row for row in minutes.signatures.all() if row.digest == minutes.digest and row.addendum_id is None]
    return Whole(
        content=content,
        digest="" if known_cases.hides_any(content) else minutes.digest,
        language=language if translated else minutes.language,
        number=minutes.meeting.number,
        is_final=minutes.is_final,
        how=minutes.how,
        final_at=minutes.final_at,
        signatures=tuple(sorted(signed, key=lambda row: row.kind)),
        adopted_by=_day(adopted[-1].by_meeting.starts, adopted[-1].by_meeting.zone) if adopted else "",
        adoptions=tuple(adopted),
        objections=tuple((row.capacity, row.text) for row in minutes.objections.all() if row.digest == minutes.digest),
        addenda=tuple(_addenda(minutes, content, released)),
        translated_from=minutes.language if translated else "",
        translation_is_stale=bool(translated and translated.of_digest != minutes.digest),
        items=in_translation(content["items"], translated.content) if translated else content["items"],
    )


def _addenda(minutes: Minutes, content: dict[str, Any], released: dt.datetime | None) -> list[Addendum]:
    found = list(minutes.addenda.all())
    if released is None:
        return found
    chairs = {chair["kind"] for chair in content["chairs"]}
    return [row for row in found if chairs <= {one.kind for one in row.signatures.all() if one.at <= released}]


def in_translation(items: list[dict[str, Any]], words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points with their words in the other language; where a word is missing there, the signed one stands."""
    found = []
    for place, item in enumerate(items):
        other = words[place] if place < len(words) else {}
        decisions = [
            row | {"text": _at(other.get("decisions"), number) or row["text"]}
            for number, row in enumerate(item["decisions"])
        ]
        points = [
            row | {"words": _at(other.get("points"), number) or row["words"]}
            for number, row in enumerate(item["points"])
        ]
        texts = {name: other.get(name) or item[name] for name in ("title", "summary")}
        found.append(item | texts | {"decisions": decisions, "points": points})
    return found


def _at(words: list[str] | None, number: int) -> str:
    return words[number] if words and number < len(words) else ""


def as_pdf(whole: Whole) -> bytes:
    with translation.override(whole.language):  # the foot of each page too
        return pdf(paper_of(whole))


def as_docx(whole: Whole) -> bytes:
    with translation.override(whole.language):
        return docx(paper_of(whole))


def paper_of(whole: Whole) -> Paper:
    """The paper in the language of the text, whatever the reader's is."""
    with translation.override(whole.language):
        return Paper(
            title=_("Minutes"),
            lede=_name(whole),
            reference=reference_of(whole),
            label=str(Sensitivity.RESTRICTED.label),
            verdict=_verdict(whole),
            warning=_warning(whole),
            sections=tuple(_sections(whole)),
            closing=tuple(_closing(whole)),
            code=whole.digest[:16],
            foot=_("SHA-256 of the joint text: %(digest)s") % {"digest": whole.digest} if whole.digest else "",
            language=whole.language,
        )


def reference_of(whole: Whole) -> str:
    """The running number of the meeting in its body once the minutes are final; before, its day."""
    header = whole.content["meeting"]
    day = dt.datetime.fromisoformat(header["starts"]).astimezone(ZoneInfo(header["zone"])).date().isoformat()
    return _("No. %(number)d · %(day)s") % {"number": whole.number, "day": day} if whole.number else day


def _name(whole: Whole) -> str:
    return whole.content["meeting"]["body"][f"name_{whole.language}"]


def _verdict(whole: Whole) -> str:
    if whole.how == Minutes.How.SIGNATURES:
        return _("Final: signed by both chairs")
    if whole.how == Minutes.How.ADOPTION:
        return _("Final: adopted by the meeting of %(day)s") % {"day": whole.adopted_by}
    return ""


def _warning(whole: Whole) -> str:
    said = []
    if not whole.is_final:
        said.append(_("DRAFT: not signed by both chairs"))
    if whole.translated_from:
        said.append(
            _("Translation: the text that is signed is the one in %(language)s")
            % {"language": LANGUAGE_WORDS[whole.translated_from]}
        )
    if whole.translation_is_stale:
        said.append(_("The text was changed after it was translated"))
    return ". ".join(said)


def _sections(whole: Whole):
    content = whole.content
    yield Section(_("The meeting"), rows=tuple(header_rows(whole)))
    head = (_("Agenda point"), _("Summary"), _("Action"), _("Responsible"), _("Deadline"))
    lines = [line for item in whole.items for line in _lines(item)]
    yield Section(_("Points"), table=(head, *lines), widths=POINTS_WIDTHS)
    decided = [_decided(item, row) for item in whole.items for row in item["decisions"]]
    if decided:
        yield Section(_("Decisions"), items=tuple(decided))
    columns = (_("Organisation"), _("Category"), _("Presence"), _("How"), _("Observer"))
    rows = tuple(attendance_line(row) for row in content["attendance"])
    yield (
        Section(_("Attendance"), table=(columns, *rows), widths=ATTENDANCE_WIDTHS)
        if rows
        else Section(_("Attendance"), words=(_("Nobody was written down."),))
    )
    if whole.objections:
        texts = tuple(f"{capacity}: {text}" for capacity, text in whole.objections)
        yield Section(_("Objections"), items=texts)
    yield Section(_("Signatures"), rows=tuple(_signed(whole)))
    for addendum in whole.addenda:
        yield _addendum(whole, addendum)


def header_rows(whole: Whole) -> list[tuple[str, str]]:
    """Label and value of what stands on top: place, date, number of participants, organisations, chairs."""
    meeting, attendance = whole.content["meeting"], whole.content["attendance"]
    starts, ends = (dt.datetime.fromisoformat(meeting[name]) for name in ("starts", "ends"))
    there = [row for row in attendance if row["presence"] == Attendance.Presence.PRESENT]
    names = list(dict.fromkeys(row["organisation"] for row in there if row["organisation"]))
    return [
        (_("Body"), f"{_name(whole)} ({Body.Kind(meeting['body']['kind']).label})"),
        (_("Place"), f"{meeting['place'] or '–'} ({Modality(meeting['modality']).label})"),
        (_("Date"), _times(starts, ends, meeting["zone"])),
        (
            _("Participants"),
            ngettext("%(count)d participant", "%(count)d participants", len(there)) % {"count": len(there)},
        ),
        (_("Organisations"), ", ".join(names) or "–"),
        *(
            (str(Seat.Kind(chair["kind"]).label).capitalize(), chair_in_words(chair))
            for chair in whole.content["chairs"]
        ),
        (_("Language of the signed text"), LANGUAGE_WORDS[whole.content["language"]]),
    ]


def chair_in_words(chair: dict[str, Any]) -> str:
    return " · ".join(filter(None, (chair["organisation"], chair["function"]))) or _("vacant")


def attendance_line(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["organisation"],
        str(Category(row["category"]).label) if row["category"] else "",
        str(Attendance.Presence(row["presence"]).label),
        str(Attendance.Mode(row["mode"]).label) if row["mode"] else "",
        _("yes") if row["observer"] else "",
    )


def _lines(item: dict[str, Any]) -> list[tuple[str, ...]]:
    """One line for each action point, the first one with the summary beside it."""
    points = item["points"] or [{}]
    title = f"{item['number']}. {item['title']}"
    return [
        (
            title if place == 0 else "",
            item["summary"] if place == 0 else "",
            " ".join(filter(None, (point.get("reference"), point.get("words")))),
            point.get("owner", ""),
            _date(point.get("due")),
        )
        for place, point in enumerate(points)
    ]


def _date(iso: str | None) -> str:
    return date_in_words(dt.date.fromisoformat(iso), "j M Y") if iso else ""


def _decided(item: dict[str, Any], row: dict[str, Any]) -> str:
    about = f" ({request_of(row)})" if row["request"] else ""
    return f"{item['number']}. {row['text']}{about}"


def request_of(row: dict[str, Any]) -> str:
    """The request of a decision, by the reference that its reader may know."""
    return _("a request") if row["request"] == known_cases.HIDDEN else row["request"]


def _signed(whole: Whole):
    found = {row.kind: row for row in whole.signatures}
    for kind in dict.fromkeys([chair["kind"] for chair in whole.content["chairs"]] + list(found)):
        row = found.get(kind)
        words = _in_words(row, whole) if row else _("not signed")
        yield str(Seat.Kind(kind).label).capitalize(), words
    if whole.adopted_by:
        yield _("Adopted by"), _("Meeting of %(day)s") % {"day": whole.adopted_by}
        for adoption in whole.adoptions:
            yield _("Recorded by"), _in_words(adoption, whole)


def _in_words(row: Signature | Adoption, whole: Whole) -> str:
    """In which capacity, when, and when it was proven that it is they."""
    words = f"{row.capacity}, {_moment(row.at, whole)}"
    if row.proved_at is None:
        return words
    local = row.proved_at.astimezone(ZoneInfo(whole.content["meeting"]["zone"]))
    return _("%(signed)s (identity proven at %(time)s)") % {"signed": words, "time": f"{local:%H:%M}"}


def _addendum(whole: Whole, addendum: Addendum) -> Section:
    rows = tuple((str(row.get_kind_display()).capitalize(), _in_words(row, whole)) for row in addendum.signatures.all())
    return Section(
        _("Addendum %(number)d") % {"number": addendum.number},
        rows=rows or ((_("Signatures"), _("not signed")),),
        words=(addendum.text,),
    )


def _closing(whole: Whole):
    yield _("Joint minutes: they hold what was said in the meeting, without names of speakers.")
    if known_cases.hides_any(whole.content):
        yield left_out()
    if whole.is_final:
        yield _("These minutes are closed; what is wrong in them is corrected by an addendum.")


def left_out() -> str:
    return _("Not everybody may know of a request that is named here: its reference stands in the signed text alone.")


def _times(starts: dt.datetime, ends: dt.datetime, zone: str) -> str:
    local, until = starts.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
    facts = {"day": date_in_words(local, "l j F Y"), "start": f"{local:%H:%M}", "end": f"{until:%H:%M}",
             "utc": f"{starts.astimezone(dt.UTC):%H:%M}"}  # fmt: skip
    return _("%(day)s, %(start)s to %(end)s local time (%(utc)s UTC)") % facts


def _moment(at: dt.datetime, whole: Whole) -> str:
    local = at.astimezone(ZoneInfo(whole.content["meeting"]["zone"]))
    return f"{date_in_words(local, 'j F Y')}, {local:%H:%M}"


def _day(at: dt.datetime, zone: str) -> str:
    return date_in_words(at.astimezone(ZoneInfo(zone)), "j F Y")

"""How do the tests get a cell in which everything has happened, on both sides? One of each table of the app."""

from cmcoord.meetings import services as verbs
from cmcoord.meetings.models import ActionPoint, Addendum, AgendaItem, Attendance, InternalPoint
from cmcoord.meetings.services import liaison, points
from contacts.models import Body
from tests.meetings.making import chaired, held, planned
from tests.meetings.test_liaison import logged
from tests.meetings.test_points import raised
from tests.meetings.writing import minutes_of, sign


def laid_table(people) -> Body:
    """The cell of Bria: meetings, signed minutes with a translation, points of both sides, what only one side notes."""
    body = chaired(people)
    by, force = people.ocha_bria, people.force_sector
    minutes = minutes_of(body, by, days_ago=2, summary="What was said")
    item = minutes.items.get(order=3)
    verbs.add_decision(item, by=by, text="What was decided")
    _points(body, people, item=item)
    minutes = sign(minutes, by, force)
    Addendum.objects.create(minutes=minutes, number=1, text="What was wrong", digest="0" * 64, by=by)
    second = held(body, by, days_ago=1)
    verbs.start_minutes(second, by=by, language="fr")
    for meeting in (second, minutes.meeting):
        verbs.add_note(meeting, by=by, title="Among ourselves", text="What was not said")
    coming = planned(body, people.ocha_bgi)
    AgendaItem.objects.create(meeting=coming, order=99, title="Item of the table", created_by=by)
    Attendance.objects.create(
        meeting=second, organisation_text="Town hall", category="authorities", name="Somebody", presence="present",
        mode="in_person", recorded_by=by,
    )  # fmt: skip
    verbs.propose(body, by=by, title="What to speak about", why="Among ourselves")
    verbs.invite(coming, by=people.ocha_bgi)
    verbs.open_feed(by=force)
    return body


def _points(body: Body, people, *, item) -> None:
    by = people.ocha_bria
    joint = raised(body, by, item=item, priority="high", needs_evidence=True)
    points.move_point(joint, "comment", by=people.force_sector, comment="Where it stands")
    points.move_point(joint, "close", by=people.force_sector, comment="How it ended", evidence="What shows it")
    stuck = raised(body, by, owner="OCHA")
    inner = raised(body, by, owner="OCHA", internal=True, priority="high", needs_evidence=True)
    points.move_point(inner, "comment", by=by, comment="Where it stands")
    points.move_point(inner, "close", by=by, comment="How it ended", evidence="What shows it")
    checked = raised(body, by, owner="OCHA", internal=True, priority="high", needs_check=True)
    points.move_point(checked, "close", by=by, comment="How it ended")  # somebody of the same side is asked to check
    points.escalate(stuck, by=by, why="Why it is stuck")
    answered = points.escalate(raised(body, by, owner="OCHA", internal=True), by=by, why="Why it is stuck")
    points.answer_escalation(answered, by=people.hc, answer="What was decided", consulted="hct")
    logged(body, by, with_whom="G3", follow_up="What follows", follow_up_due=body.country.today)
    liaison.send_summary(body, by=by, day=body.country.today)


def arguments(body: Body) -> dict[str, list[str]]:
    """What leads to it in the addresses of meetings, by the name of the argument."""
    return {
        "uid": [str(uid) for uid in body.meetings.order_by("starts").values_list("uid", flat=True)],
        "reference": [
            *ActionPoint.objects.filter(body=body).values_list("reference", flat=True),
            *InternalPoint.objects.filter(body=body).values_list("reference", flat=True),
        ],
        "order": ["3"],
        "place": ["1"],
        "form": ["pdf", "docx"],
        "day": [row.week.isoformat() for row in body.summaries.all()],
        "word": ["guessed"],
        "number": ["1"],
        "pk": ["1", "999999"],
    }

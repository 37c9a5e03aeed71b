"""Does a word that somebody may not read ever reach them? A secret word in every field, every address, every reader."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import number_format

from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Role
from cmcoord.activity import barrier
from cmcoord.activity.mail import message_for, time_in_words
from cmcoord.activity.models import Notification
from cmcoord.places.models import Place
from cmcoord.places.positions import HUNDRED, KILOMETRE, METRE, TEN, Position
from cmcoord.places.working_time import WorkCalendar, subtract_working_minutes
from cmcoord.ui.templatetags.ui import FORMATS, date_in_words, moment_in_words, period, tel, when
from requests_app import audience, force_page
from requests_app.papers import zulu
from tests.canary import Garden, Planted, addresses, finer_notations, may_read, plant, secrets_in, world
from tests.people import made_up_organisation, person

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

FORCES = ("force_u3", "force_sector")
READERS = {  # two halves, one for each of two processors: to make the world takes as long as one walk
    "forces": (*FORCES, "police", "bilateral", "cimic_elsewhere", "force_ml", "mission_civilian", "donor"),
    "others": (
        "authority", "anonymous", "requester_birao", "ocha_birao", "nobody", "ocha_bko", "hc_ml", "admin",
    ),
}  # fmt: skip
SEARCHES = ("/requests/", "/accounts/people/", "/admin/accounts/user/", "/admin/accounts/organisation/")
TOKEN = re.compile(r'(?<=value=")\w{64}(?=")')  # against forged posts: another one on each page
EVERYTHING = {"confidential": "on", "strict": "on", "reason": "x", "format": "csv"}
GARBAGE = ({}, {"sent": "1", "text": "x", "reason": "x", "numbers": "a", "seen": "-1", "q": "x"})
MADE = {
    "police": (Role.POLICE_LIAISON, "MINUSCA UNPOL", "CAF"),
    "bilateral": (Role.BILATERAL, "EUTM RCA", "CAF"),
    "cimic_elsewhere": (Role.CIMIC, "FAMa", "MLI"),
    "of_the_station": (Role.OBSERVER, "WFP", "CAF"),
    "mission_civilian": (Role.MISSION_CIVILIAN, "MINUSCA civilian", "CAF"),
}


def reader(name: str, people) -> User | None:
    if name == "anonymous":
        return None
    if name in MADE:
        role, organisation, country = MADE[name]
        station = "bria" if name == "of_the_station" else None
        return person(name, role, organisation=organisation, name=name, country=country, station=station)
    if name == "authority":
        town = made_up_organisation("MAIRIE", "Town hall", Organisation.Type.LOCAL_AUTHORITY)
        return User.objects.create_user(name, email=f"{name}@example.org", name=name, organisation=town)
    return getattr(people, name)


class Walk:
    """Everything that one person can be served, searched for the words that are not theirs."""

    def __init__(self, user: User | None, cases, words: dict[str, Planted]):
        self.user, self.cases, self.words = user, cases, words
        self.client = Client(raise_request_exception=False)
        if user:
            self.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.own = secrets_in(" ".join(map(str, (user.__dict__ if user else {}).values())))
        self.seen: dict[str, str] = {}  # word → where it was read first
        self.answered: dict[int, int] = {}

    def everything(self) -> Walk:
        self.ask("post", "/requests/export/", EVERYTHING)
        for number, path in enumerate(self.paths):
            self.ask("get", path)
            self.ask("post", path, GARBAGE[number % 2])
        self.mails()
        return self

    @property
    def paths(self) -> list[str]:
        return addresses(self.cases)

    def ask(self, method: str, path: str, body: dict | None = None) -> None:
        if path.startswith("/account/logout"):
            return
        with transaction.atomic():
            answer = getattr(self.client, method)(path, body)
            transaction.set_rollback(True)
        self.answered[answer.status_code] = self.answered.get(answer.status_code, 0) + 1
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.read(f"{method} {path}", str(dict(answer.headers)), asked=path)
        self.read(f"{method} {path}", TOKEN.sub("", text.decode(errors="replace")), asked=path)

    def searches(self) -> list[str]:
        """Fields whose secret, looked for, gives another page than a word that stands nowhere."""
        terms = {}  # one of each field, and every word that the index of the requests holds
        for word, where in self.words.items():
            name = str(where) if where.field == "search_text" else str(where).split(" of ")[0]
            if name not in terms and word not in self.own and not may_read(self.user, where):
                terms[name] = word.lstrip("#@")
        told = []
        for path in SEARCHES:
            status, nothing = self.found(path, "zqx999999")
            if status == 200:
                told += [f"{name} by {path}" for name, term in terms.items() if self.found(path, term)[1] != nothing]
        return told

    def found(self, path: str, term: str) -> tuple[int, str]:
        answer = self.client.get(path, {"q": term})
        return answer.status_code, TOKEN.sub("", answer.content.decode()).replace(quote_plus(term), "").replace(
            term, ""
        )

    def mails(self) -> None:
        """Each mail as it is sent, in both languages, and what the portal tells on its own pages."""
        rows = Notification.objects.filter(recipient=self.user, channel="mail") if self.user else ()
        for row in rows:
            for language in ("en", "fr"):
                User.objects.filter(pk=self.user.pk).update(language=language)
                message = message_for(Notification.objects.get(pk=row.pk))
                html = " ".join(part.content for part in message.alternatives)
                self.read(f"mail {row.kind}", f"{message.subject} {message.body} {html} {message.extra_headers}")
        translation.activate("en")

    def read(self, where: str, text: str, asked: str = "") -> None:
        for word in (secrets_in(text) & self.words.keys()) - secrets_in(asked):
            self.seen.setdefault(word, where)


@pytest.fixture
def planted(people, caplog):
    """The world with its words; readers are made before, so that their own names hold words too."""

    caplog.set_level("CRITICAL", logger="django.request")  # thousands of refusals

    def build(*names: str) -> tuple[list[Walk], dict[str, Planted]]:
        users = [reader(name, people) for name in names]
        cases = world(people)
        words = plant()
        for case in cases:
            case.refresh_from_db()
        return [Walk(user and User.objects.get(pk=user.pk), cases, words) for user in users], words

    return build


def leaks(walk: Walk, words: dict[str, Planted]) -> list[str]:
    return [
        f"{words[word]} ({word}) in {where}"
        for word, where in sorted(walk.seen.items())
        if word not in walk.own and not may_read(walk.user, words[word])
    ]


@pytest.mark.parametrize("group", READERS)
def test_no_word_reaches_whom_it_is_not_for(planted, group):
    walks, words = planted(*READERS[group])
    assert len(words) > 2000
    for name, walk in zip(READERS[group], walks, strict=True):
        cache.clear()  # attempts are counted anew for each
        with transaction.atomic():
            walk.everything()
            told = walk.searches()
            transaction.set_rollback(True)
        assert "\n".join(leaks(walk, words)) == "", name
        assert told == [], name
        assert not walk.answered.get(500), "a page broke: the walk read less than it should"
        labels = {words[word].row._meta.label for word in walk.seen}
        if name in FORCES:  # it reads what is its own: the walk is not blind
            assert {"requests_app.Extract", "requests_app.ForceReply", "requests_app.ForceFile"} <= labels
            assert "requests_app.Case" not in labels
        else:
            assert not any(label.startswith("requests_app.") for label in labels), name


def test_the_walk_of_somebody_who_may_finds_the_words(planted):
    (walk,), words = planted("requester_bria")
    for case in walk.cases:
        walk.ask("get", case.get_absolute_url())
    assert walk.answered == {200: len(walk.cases)}
    found = {str(words[word]).split(" of ")[0] for word in walk.seen}
    for field in ("Case.need", "Case.neutrality", "Comment.text", "Opinion.text", "ForceReply.text", "Decision.reason"):
        assert f"requests_app.{field}" in found
    for field in ("Case.people", "Case.vehicles", "Case.departure_at", "Decision.valid_to"):  # what is no word
        assert f"requests_app.{field}" in found
    assert {"places.Place.latitude", "places.Place.longitude"} <= found
    assert "\n".join(leaks(walk, words)) == ""


def test_somebody_of_the_station_reads_of_a_restricted_request_only_what_is_restricted(planted, people):
    """Their pages, their searches and their file of the register; its oracle is the table, read field by field."""
    (walk,), words = planted("of_the_station")
    table = b"".join(walk.client.post("/requests/export/", EVERYTHING)).decode()
    walk.everything()
    assert "\n".join(leaks(walk, words)) == ""
    (restricted,) = [case for case in walk.cases if case.sensitivity == "R"]
    found = {(str(words[word]).split(" of ")[0], words[word].row.pk) for word in walk.seen}
    assert ("requests_app.Case.need", restricted.pk) in found
    fields = {(label, pk) for label, pk in found if label.startswith("requests_app.")}
    assert {label.split(".")[1] for label, _pk in fields} == {"Case", "Alternative"}
    assert {pk for label, pk in fields if label.startswith("requests_app.Case.")} == {restricted.pk}
    for closed in ("neutrality", "why_safer", "leader", "departure_at", "window_to", "vehicles", "search_text"):
        assert (f"requests_app.Case.{closed}", restricted.pk) not in found
    assert restricted.need in table and restricted.neutrality not in table


# ── it finds things ──────────────────────────────────────────────────────────────────────────────────────────────────


def force_pages(walk: Walk) -> Walk:
    for path in walk.paths:
        if path.startswith("/force/"):
            walk.ask("get", path)
    return walk


PRINTED = {
    "Case.neutrality": lambda case: case.neutrality,
    "Case.people": lambda case: number_format(case.people, use_l10n=True, force_grouping=True),
    "Case.vehicles": lambda case: case.vehicles,
    "Case.submitted_at": lambda case: moment_in_words(case.submitted_at),
    "Case.departure_at": lambda case: zulu(case.departure_at),
    "Case.client_key": lambda case: case.client_key,
    "Place.latitude": lambda case: case.origin.latitude.quantize(Decimal("0.001")),
    "Place.longitude": lambda case: Position.stored(case.destination.latitude, case.destination.longitude).mgrs,
}


def test_what_a_force_may_not_read_is_found(planted, monkeypatch):
    """A field that is closed in the table, a line that is not there, and a page that prints fields of the case."""
    (walk,), words = planted("force_u3")
    assert leaks(force_pages(walk), words) == []
    with monkeypatch.context() as closed:
        closed.setitem(audience.LINES["requests_app.ForceReply"], "text", barrier.inside("C"))
        assert any("ForceReply.text" in leak for leak in leaks(walk, words))
    with monkeypatch.context() as removed:
        removed.delitem(audience.LINES["requests_app.ForceReply"], "text")
        with pytest.raises(barrier.NotReleased):
            leaks(walk, words)
    monkeypatch.setattr(
        force_page,
        "_named",
        lambda paper: {"number": 1, "kind": " | ".join(str(printed(paper.case)) for printed in PRINTED.values())},
    )
    told = " ".join(leaks(force_pages(walk), words))
    assert [field for field in PRINTED if field not in told] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_secret_is_read_in_every_notation(language):
    """Each printer of the portal, and the notations of machines and of the administration."""
    moment = dt.datetime(2041, 11, 1, 11, 17, 7, tzinfo=dt.UTC)
    spot = Position(Decimal("5.763001"), Decimal("20.673001"))
    with translation.override(language):
        days = [
            *(date_in_words(moment, pattern) for pattern in (*FORMATS.values(), "j M Y H:i") if "Y" in pattern),
            *(moment_in_words(moment, style) for style in ("short", "long")),
            when(moment, "day"), period(moment, moment), zulu(moment), time_in_words(moment, {}), moment.isoformat(),
            f"{moment:%d/%m/%Y}", f"{moment:%Y%m%dT%H%M%SZ}", str(moment), "Nov. 1, 2041",
        ]  # fmt: skip
        assert [text for text in days if "2041-11-01" not in secrets_in(text)] == []
        assert f"@{int(moment.timestamp())}" in secrets_in(f'"at": {int(moment.timestamp())}')
        for number in (9_100_017, 30_017):
            for text in (f"{number}", f"{number:,}", number_format(number, use_l10n=True, force_grouping=True)):
                assert f"#{number}" in secrets_in(f"({text} people)")
        assert "+99900000017" in secrets_in(tel("+999 00 00 00 17")) & secrets_in("tel:%2B99900000017")
        place = Place(latitude=spot.latitude, longitude=spot.longitude)
        for metres in (METRE, TEN, HUNDRED):
            point = Position(spot.latitude, spot.longitude, metres)
            for text in (point.decimal, point.dms, point.mgrs, point.mgrs.replace(" ", "")):
                assert secrets_in(text) & (finer_notations(place, "latitude") | finer_notations(place, "longitude"))
        rough = Position(spot.latitude, spot.longitude, KILOMETRE)
        assert not secrets_in(f"{rough.decimal} {rough.dms} {rough.mgrs}")


def test_a_time_that_a_page_counts_is_none_of_what_is_planted():
    """Neither in working time nor by a day and a moment that begin to fall together."""
    garden, row = Garden(), Place(pk=1)
    later = timezone.now() + dt.timedelta(days=1)
    days = {garden.day(Planted(row, "a"), later.date()) for _each in range(400)}
    moments = {garden.moment(Planted(row, "b"), later) for _each in range(100)}
    assert len(days | {moment.date() for moment in moments}) == 500
    planted_days = days | {moment.date() for moment in moments}
    calendar = WorkCalendar(ZoneInfo("Africa/Bangui"))
    for moment in moments:
        for hours in range(1, 150):
            counted = subtract_working_minutes(moment, hours * 60, calendar).date()
            assert counted not in planted_days - {moment.date()}, (moment, hours)

"""Does a word that somebody may not read ever reach them? A secret word in every field, every address, every reader."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import translation

from cmcoord.accounts.models import Organisation, User
from cmcoord.accounts.roles import Role
from cmcoord.activity import barrier
from cmcoord.activity.mail import message_for
from cmcoord.activity.models import Notification
from requests_app import audience, force_page
from tests.canary import WORD, Planted, addresses, may_read, plant, world
from tests.people import made_up_organisation, person

pytestmark = pytest.mark.django_db

FORCES = ("force_u3", "force_sector")
READERS = {
    "the force": FORCES,
    "other forces": ("police", "bilateral", "cimic_elsewhere", "force_ml"),
    "other sides": ("mission_civilian", "donor", "authority", "anonymous"),
    "another station": ("requester_birao", "ocha_birao", "nobody"),
    "another country, and administrators": ("ocha_bko", "hc_ml", "admin"),
}
GARBAGE = ({}, {"sent": "1", "text": "x", "reason": "x", "numbers": "a", "seen": "-1", "q": "x"})
MADE = {
    "police": (Role.POLICE_LIAISON, "MINUSCA UNPOL", "CAF"),
    "bilateral": (Role.BILATERAL, "EUTM RCA", "CAF"),
    "cimic_elsewhere": (Role.CIMIC, "FAMa", "MLI"),
    "mission_civilian": (Role.MISSION_CIVILIAN, "MINUSCA civilian", "CAF"),
}


def reader(name: str, people) -> User | None:
    if name == "anonymous":
        return None
    if name in MADE:
        role, organisation, country = MADE[name]
        return person(name, role, organisation=organisation, name=name, country=country)
    if name == "authority":
        town = made_up_organisation("MAIRIE", "Town hall", Organisation.Type.LOCAL_AUTHORITY)
        return User.objects.create_user(name, email=f"{name}@example.org", name=name, organisation=town)
    return getattr(people, name)


class Walk:
    """Everything that one person can be served, searched for the words that are not theirs."""

    def __init__(self, user: User | None, cases):
        self.user, self.cases = user, cases
        self.client = Client(raise_request_exception=False)
        if user:
            self.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.own = set(WORD.findall(" ".join(map(str, (user.__dict__ if user else {}).values()))))
        self.seen: dict[str, str] = {}  # word → where it was read first
        self.answered: dict[int, int] = {}

    def everything(self) -> Walk:
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
        self.read(f"{method} {path}", f"{dict(answer.headers)} {text.decode(errors='replace')}", asked=path)

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
        for word in set(WORD.findall(text)) - set(WORD.findall(asked)):
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
        return [Walk(user and User.objects.get(pk=user.pk), cases) for user in users], words

    return build


def leaks(walk: Walk, words: dict[str, Planted]) -> list[str]:
    return [
        f"{words[word]} in {where}"
        for word, where in sorted(walk.seen.items())
        if word not in walk.own and not may_read(walk.user, words[word])
    ]


@pytest.mark.parametrize("group", READERS)
def test_no_word_reaches_whom_it_is_not_for(planted, group):
    walks, words = planted(*READERS[group])
    assert len(words) > 800
    for name, walk in zip(READERS[group], walks, strict=True):
        walk.everything()
        assert "\n".join(leaks(walk, words)) == "", name
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
    found = {str(words[word]).split(" of ")[0] for word in walk.seen}
    for field in ("Case.need", "Case.neutrality", "Comment.text", "Opinion.text", "ForceReply.text", "Decision.reason"):
        assert f"requests_app.{field}" in found
    assert "\n".join(leaks(walk, words)) == ""


# ── it finds things ──────────────────────────────────────────────────────────────────────────────────────────────────


def force_pages(walk: Walk) -> Walk:
    for path in walk.paths:
        if path.startswith("/force/"):
            walk.ask("get", path)
    return walk


def test_a_field_that_is_closed_in_the_table_is_found_on_the_page(planted, monkeypatch):
    (walk,), words = planted("force_u3")
    assert leaks(force_pages(walk), words) == []
    monkeypatch.setitem(audience.LINES["requests_app.ForceReply"], "text", barrier.inside("C"))
    assert any("ForceReply.text" in leak for leak in leaks(walk, words))


def test_a_page_that_prints_a_field_of_the_case_is_found(planted, monkeypatch):
    (walk,), words = planted("force_u3")
    monkeypatch.setattr(force_page, "_named", lambda paper: {"number": 1, "kind": paper.case.neutrality})
    assert any("Case.neutrality" in leak for leak in leaks(force_pages(walk), words))


def test_a_removed_line_is_found(planted, monkeypatch):
    (walk,), words = planted("force_u3")
    monkeypatch.delitem(audience.LINES["requests_app.ForceReply"], "text")
    with pytest.raises(barrier.NotReleased):
        leaks(force_pages(walk), words)

"""Does a list of contacts come in whole or not at all, with its errors at their cells, and nobody twice?"""

import datetime as dt
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation
from openpyxl import Workbook
from phonenumbers import is_valid_number

from cmcoord.accounts.models import Organisation, User
from cmcoord.activity.models import Event, Notification
from cmcoord.places.columns import Unreadable
from cmcoord.places.models import DutyStation
from cmcoord.ui.downloads import safe_cell
from cmcoord.ui.sheets import Limits
from contacts import services, shown
from contacts.importing.numbers import numbers_in
from contacts.importing.reading import Reader
from contacts.models import Address, ContactLine, ContactList, Handover, Holding, Person, Post, Telephone
from contacts.services import Holder, Mail, Number, lists
from tests.contacts.lists import FLYER, HEAD, ROW, fresh, row, sent, states, table, taken
from tests.people import appointed

pytestmark = pytest.mark.django_db


# ── the list of the flyer ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_list_of_the_flyer_comes_in_with_every_number_valid(people, encoding):
    ocha = Organisation.objects.get(acronym="OCHA")
    content = FLYER.replace("œ", "oe").encode(encoding)
    kept = taken(people.ocha_bgi, content, organisation=ocha)
    assert (kept.state, kept.count) == ("done", 13)
    numbers = [row.number for row in Telephone.objects.all()]
    assert len(numbers) == 15
    assert all(is_valid_number(number) and number.as_e164.startswith("+") for number in numbers)
    assert {number.as_e164 for number in numbers if number.country_code == 236} == {
        f"+236{'75' if last == 3 else '70'}0000{last:02d}" for last in range(1, 15)
    }
    held = Holding.objects.select_related("post__station", "person")
    assert {one.post.station.name for one in held} >= {"Zémio", "Berbérati", "Kaga-Bandoro"}
    assert {one.post.station.name for one in held}.isdisjoint({"Bossangoa", "Obo"})
    assert {tuple(one.post.roles) for one in held} == {("ocha_focal_point",)}
    two = Person.objects.get(name="Fidèle Yakété")
    assert sorted(str(one.number) for one in two.telephones.all()) == ["+23670000002", "+23675000003"]
    assert Telephone.objects.get(number="+882165000000").kind == "satellite"
    assert Telephone.objects.get(number="+23670000012").whatsapp


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("+236 70 00 00 01", ["+23670000001"]),
        ("70 00 00 02/ 75 00 00 03", ["+23670000002", "+23675000003"]),
        ("70/00/00/02", ["+23670000002"]),
        ("+23670000004", ["+23670000004"]),
        ("+236 7000 00 05", ["+23670000005"]),
        (70000006, ["+23670000006"]),
        ("236 70 00 00 07", ["+23670000007"]),
        ("00236 70 00 00 07 ; 00 33 6 12 34 56 78", ["+23670000007", "+33612345678"]),
        ("70 00 00 02 75 00 00 03", ["+23670000002", "+23675000003"]),
        ("+236 70 00 00 02 +236 75 00 00 03", ["+23670000002", "+23675000003"]),
        ("Tél. : 70 00 00 02 (24h/24)\n75 00 00 03", ["+23670000002", "+23675000003"]),
        ("70 00 00 02 ou 70 00 00 02", ["+23670000002"]),
        ("’+236 70 00 00 01", ["+23670000001"]),
    ],
)
def test_numbers_are_read_in_every_way_in_which_they_are_written(cell, numbers):
    assert [one.number for one in numbers_in(cell, "CF")] == numbers


@pytest.mark.parametrize("cell", ["12345", "+999 70 00 00 01", "see below", "70 00 00 02 75 00", "70 00 00", "=1+1"])
def test_a_number_of_no_country_is_said(cell):
    with pytest.raises(Unreadable, match="No telephone number"):
        numbers_in(cell, "CF")


def test_what_stands_beside_a_number_is_kept():
    first, second = numbers_in("Thuraya 24/7: +8821650000000; 21 61 00 00 bureau (WhatsApp)", "CF")
    assert (first.kind, first.day_and_night, first.whatsapp) == ("satellite", True, False)
    assert (second.number, second.kind, second.whatsapp) == ("+23621610000", "office", True)


# ── what is wrong stands at its cell ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        ({"Duty_station": "Atlantis"}, "A2"),
        ({"Duty_station": ""}, "A2"),
        ({"Organisation": "Nobody"}, "B2"),
        ({"Function": ""}, "D2"),
        ({"Function": "x" * 121}, "D2"),
        ({"Telephones": "12"}, "E2"),
        ({"Telephones": "/".join(f"700000{n:02d}" for n in range(6))}, "E2"),
        ({"E_mail": "awa at example"}, "F2"),
        ({"From": "soon"}, "G2"),
        ({"From": "2999-01-01"}, "G2"),
    ],
)
def test_the_error_stands_at_its_cell_and_nothing_comes_in(people, change, cell):
    kept = sent(people.ocha_bgi, table(row(**change), row(Name="Somebody Good", Function="Driver")))
    (wrong,) = kept.lines.get(number=2).wrong
    assert wrong[0] == cell
    assert wrong[3]
    with pytest.raises(ValidationError, match="cannot be read"):
        lists.agree(kept, by=people.ocha_bgi)
    assert not Person.objects.exists()
    lists.agree(kept, by=people.ocha_bgi, without_wrong=True)
    assert [one.name for one in Person.objects.all()] == ["Somebody Good"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 nothing", "no table"),
        (b"PK\x03\x04 broken", "no table"),
        (table(), "no row under"),
        (table(["Bria", "x"], head=["Duty station", "Colour"]), "columns are missing: Organisation"),
        (table(["Bria", "AID-A"], head=["Duty station", "Organisation"]), "columns are missing: Name, Function"),
        (table(ROW, head=[*HEAD[:-1], "Nom"]), "stands twice"),
    ],
)
def test_what_is_no_such_list_is_said_at_once(people, content, sentence):
    with pytest.raises(ValidationError, match=sentence):
        sent(people.ocha_bgi, content)
    assert not ContactList.objects.exists()


def test_a_formula_is_never_more_than_its_text_and_unknown_headings_are_named(people):
    kept = taken(people.ocha_bgi, table([*row(Function="=cmd|' /C calc'!A0"), "blue"], head=[*HEAD, "Colour"]))
    assert Post.objects.get().function == "=cmd|' /C calc'!A0"
    assert kept.ignored == ["Colour"]


def test_what_the_portal_wrote_so_that_no_program_runs_it_is_read_as_it_was(people):
    told = {"Function": safe_cell("=Chief"), "Telephones": safe_cell("+23672000001"), "Name": "'Awa’"}
    taken(people.ocha_bgi, table(row(**told)))
    assert (Post.objects.get().function, Person.objects.get().name) == ("=Chief", "'Awa’")
    assert str(Telephone.objects.get().number) == "+23672000001"


def test_a_workbook_is_read_too(people):
    book = Workbook()
    for line in (HEAD, [*ROW[:4], 70000006, "", dt.date(2026, 3, 1)]):
        book.active.append(line)
    out = BytesIO()
    book.save(out)
    taken(people.ocha_bgi, out.getvalue())
    assert str(Telephone.objects.get().number) == "+23670000006"
    assert Holding.objects.get().starts == dt.date(2026, 3, 1)


def test_headings_in_french_and_every_column(people):
    head = ["Prénom", "Nom", "Fonction", "ONG", "Lieu", "Tél 1", "Tél. 2", "Thuraya", "WhatsApp", "24h/24", "Courriel",
            "Boîte générique", "Permanence", "Zone couverte", "Langues", "Depuis", "Fin de mission", "Qualité",
            "Remarques"]  # fmt: skip
    cells = ["Awa", "Mbolido", "Logisticienne", "aid-a", "Bria", "70000001", "75000002", "+8821650000000", "oui", "x",
             "a@example.org, b@example.org", "log@example.org", "70000009", "Birao et Bambari", "français, sango",
             "01/03/2026", "31/12/2099", "suppléante", "Le matin"]  # fmt: skip
    taken(people.ocha_bgi, table(cells, head=head, delimiter="\t"))
    held = Holding.objects.get()
    post, person = held.post, held.person
    assert (person.name, person.languages, held.capacity) == ("Awa Mbolido", ["fr", "sg"], "alternate")
    assert (held.starts, held.ends) == (dt.date(2026, 3, 1), dt.date(2099, 12, 31))
    assert [(str(one.number), one.kind, one.day_and_night, one.whatsapp) for one in person.telephones.all()] == [
        ("+23670000001", "mobile", True, True), ("+23675000002", "mobile", False, True),
        ("+8821650000000", "satellite", False, True),
    ]  # fmt: skip
    assert {one.email for one in person.addresses.all()} == {"a@example.org", "b@example.org"}
    assert (post.mailbox, str(post.duty_telephone), post.remark) == ("log@example.org", "+23670000009", "Le matin")
    assert {station.code for station in post.covers.all()} == {"birao", "bambari"}


def test_a_row_without_a_name_is_a_post_with_its_duty_telephone(people):
    taken(
        people.ocha_bgi, table(row(Name="", Function="Duty officer", Telephones="70 00 00 01", E_mail="d@example.org"))
    )
    post = Post.objects.get()
    assert (str(post.duty_telephone), post.mailbox, post.holder) == ("+23670000001", "d@example.org", None)
    assert not Person.objects.exists()


# ── nobody twice ─────────────────────────────────────────────────────────────────────────────────────────────────────


def everything():
    return [model.objects.count() for model in (Post, Person, Telephone, Address, Holding)]


def test_the_same_file_again_brings_nobody_twice(people):
    content = table(ROW, row(Name="Paul Gonda", Function="Driver", Telephones="75 00 00 02", E_mail=""))
    taken(people.ocha_bgi, content)
    before = everything()
    kept = sent(people.ocha_bgi, content)
    assert states(kept) == {2: "known", 3: "known"}
    with pytest.raises(ValidationError, match="Nothing new"):
        lists.agree(kept, by=people.ocha_bgi)
    assert everything() == before


def test_two_who_agree_to_the_same_list_bring_nobody_twice(people):
    first, second = (sent(user, table(ROW)) for user in (people.ocha_bgi, people.requester_bria))
    lists.agree(first, by=people.ocha_bgi)
    before = everything()
    lists.agree(second, by=people.requester_bria)
    assert fresh(second).state == "done"
    assert everything() == before


def test_a_person_twice_in_the_file_is_one_person(people):
    other_post = row(Function="Driver", Telephones="+236 72 00 00 01 / 75 00 00 02")
    kept = taken(people.ocha_bgi, table(ROW, ROW, other_post, row(Telephones="75 00 00 03 / 72 00 00 01")))
    person = Person.objects.get()
    assert (Post.objects.count(), person.holdings.count(), person.telephones.count()) == (2, 2, 3)
    assert kept.count == 3


def test_a_namesake_with_other_numbers_waits_for_a_word(people):
    namesake = row(Function="Driver", Telephones="75 00 00 09", E_mail="")
    kept = sent(people.ocha_bgi, table(ROW, namesake))
    assert states(kept) == {2: "fresh", 3: "alike"}
    lists.choose(kept, by=people.ocha_bgi, choices={3: "other"})
    lists.agree(kept, by=people.ocha_bgi)
    assert Person.objects.filter(name="Awa Mbolido").count() == 2


def there(people, name="Awa Mbolido", number="+23672000001", function="Logistician", answered=True):
    return services.open_post(
        by=people.requester_bria, organisation=people.requester_bria.organisation,
        station=DutyStation.objects.get(code="bria"), function=function, starts=dt.date(2026, 1, 1),
        holder=Holder(name, (Number(number),), (Mail("old@example.org"),), answered=answered),
    ).holder.person  # fmt: skip


@pytest.mark.parametrize(
    ("change", "state", "why"),
    [
        ({}, "more", "name"),  # a new address
        ({"E_mail": ""}, "known", "name"),
        ({"E_mail": "old@example.org", "Telephones": ""}, "known", "name"),
        ({"Name": "MBOLIDO Awa", "E_mail": ""}, "known", "name"),
        ({"Function": "Driver"}, "more", "name"),
        ({"Name": "Paul Gonda", "Function": "Driver"}, "alike", "number"),
        ({"Function": "Driver", "Telephones": "75000009"}, "alike", "name"),
        ({"Name": "Awa Mbolidoh", "Telephones": "75000009"}, "alike", "post"),
        ({"Name": "Paul Gonda", "Function": "Driver", "Telephones": "75000009", "E_mail": ""}, "fresh", None),
        ({"Name": "Paul Gonda", "Telephones": "75000009", "E_mail": ""}, "wrong", None),
    ],
)
def test_what_is_there_already_is_recognised_by_name_number_and_post(people, change, state, why):
    person = there(people)
    line = sent(people.ocha_bgi, table(row(**change))).lines.get()
    assert (line.state, line.values.get("why"), line.person) == (state, why, person if why else None)


def test_the_same_person_gets_what_is_new_and_nobody_reads_it_before_they_are_asked(people):
    person = there(people)
    kept = taken(people.ocha_bgi, table(row(Name="Awa Mbolidoh", Telephones="75 00 00 09")), choices={2: "same"})
    assert kept.count == 1
    assert set(map(str, person.telephones.values_list("number", flat=True))) == {"+23672000001", "+23675000009"}
    new = person.telephones.get(number="+23675000009")
    assert new.shares.circles == []
    reach = shown.reach_of(Person.objects.get(), people.log_cluster)
    assert [str(one.number) for one in reach.telephones] == ["+23672000001"]


def test_what_looks_alike_is_left_out_without_a_word(people):
    there(people)
    kept = sent(people.ocha_bgi, table(row(Name="Paul Gonda", Function="Driver"), row(Name="Ali Abba", Function="Guard",
                                       Telephones="75000010", E_mail="")))  # fmt: skip
    lists.agree(kept, by=people.ocha_bgi)
    assert set(Person.objects.values_list("name", flat=True)) == {"Awa Mbolido", "Ali Abba"}
    assert states(kept) == {2: "left", 3: "taken"}


def test_of_people_whom_the_sender_does_not_keep_nothing_is_learnt(people):
    there(people)
    other = table(row(Organisation="AID-B", Duty_station="Birao", Name="Nobody Knows", Function="Guard"))
    line = sent(people.requester_birao, other).lines.get()
    assert (line.state, line.person) == ("fresh", None)


def test_days_that_overlap_are_said(people):
    there(people)
    paul = {"Name": "Paul Gonda", "Telephones": "75000009", "E_mail": ""}
    rows = [[*row(**paul), ""], [*row(**paul), "alternate"], [*row(**paul | {"Name": "Ali Abba"}), "alternate"]]
    kept = sent(people.ocha_bgi, table(*rows, head=[*HEAD, "Capacity"]))
    assert states(kept) == {2: "wrong", 3: "fresh", 4: "wrong"}
    assert "Awa Mbolido holds this post since 1 Jan 2026" in kept.lines.get(number=2).wrong[0][3]
    assert "Row 3 names somebody else" in kept.lines.get(number=4).wrong[0][3]


def test_what_came_between_the_preview_and_the_yes_is_not_run_over(people):
    kept = sent(people.ocha_bgi, table(ROW, row(Name="Paul Gonda", Function="Driver", Telephones="", E_mail="")))
    there(people, name="Somebody Quicker", number="+23675000099")
    lists.agree(kept, by=people.ocha_bgi)
    assert set(Person.objects.values_list("name", flat=True)) == {"Somebody Quicker", "Paul Gonda"}
    assert "Somebody Quicker holds this post" in kept.lines.get(number=2).wrong[0][3]


def test_whoever_fills_a_gap_is_offered_what_was_left_behind(people):
    person = there(people)
    post = person.holdings.get().post
    services.leave(post, by=people.requester_bria)
    taken(people.ocha_bgi, table(row(Name="Paul Gonda", Telephones="", E_mail="", From="")))
    assert Handover.objects.get().successor == Post.objects.get(pk=post.pk).holder
    told = Notification.objects.filter(event__kind="post.hand_over", channel="portal", expects="take_handover")
    assert {row.recipient for row in told} == {people.requester_bria, people.colleague_bria}


# ── consent, rights, traces ──────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_beyond_the_function_is_shown_before_they_are_asked(people):
    taken(people.requester_bria, table(ROW))
    person = Person.objects.get()
    assert (person.answered_at, person.source) == (None, "contacts.csv")
    for reader in (people.log_cluster, people.requester_birao, people.force_u3, people.donor):
        assert not shown.reach_of(person, reader)
    assert shown.reach_of(person, people.requester_bria).name == "Awa Mbolido"


def test_whoever_came_by_a_list_is_asked_once_by_mail(people):
    taken(people.ocha_bgi, table(ROW, row(Name="Paul Gonda", Function="Driver", Telephones="", E_mail="")))
    now = timezone.now()
    assert [lists.ask_taken(now), lists.ask_taken(now)] == [1, 0]
    assert Person.objects.get(name="Awa Mbolido").asked_at == now
    assert Notification.objects.filter(address="awa@example.org", channel="mail").count() == 1


@pytest.mark.parametrize("who", ["hoo", "hc", "log_cluster", "force_u3", "donor", "admin", "nobody"])
def test_who_keeps_no_post_sends_no_list(people, who):
    with pytest.raises(PermissionDenied):
        lists.keep_list(by=getattr(people, who), country=people.ocha_bgi.appointments.get().country, name="x",
                        content=table(ROW))  # fmt: skip
    assert not ContactList.objects.exists()


@pytest.mark.parametrize(
    ("who", "change"),
    [
        ("requester_bria", {"Organisation": "AID-B"}),
        ("requester_bria", {"Organisation": "MINUSCA"}),
        ("ocha_bria", {"Duty_station": "Bambari"}),
    ],
)
def test_a_row_about_somebody_elses_posts_is_wrong(people, other_ngo, who, change):
    line = sent(getattr(people, who), table(row(**change))).lines.get()
    assert (line.state, line.wrong[0][0]) == ("wrong", "B2")


def test_nobody_agrees_to_a_colleagues_list_and_nobody_twice(people):
    kept = sent(people.requester_bria, table(ROW))
    for act in (lists.agree, lists.cancel):
        with pytest.raises(PermissionDenied):
            act(kept, by=people.colleague_bria)
    lists.agree(kept, by=people.requester_bria)
    with pytest.raises(ValidationError, match="taken over already"):
        lists.agree(kept, by=people.requester_bria)


def test_one_event_and_of_the_rows_only_what_became_of_them(people):
    kept = taken(people.ocha_bgi, table(ROW, row(Duty_station="Atlantis")), without_wrong=True)
    event = Event.objects.get(subject_kind="contactlist")
    assert (event.kind, event.data["count"], event.data["rows"], event.data["left"]) == ("contactlist.take", 1, 2, 1)
    assert "Awa" not in str(event.data)
    assert bytes(kept.content) == b""
    assert not kept.lines.exclude(values={}).exists()
    assert "Awa" not in str(list(ContactLine.objects.values()))


# ── long lists ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_steps(monkeypatch):
    """Two rows in one transaction, and no patience: each run does one step."""
    monkeypatch.setattr(lists, "READ_AT_ONCE", 2)
    monkeypatch.setattr(lists, "TAKEN_AT_ONCE", 2)
    monkeypatch.setattr(lists, "PATIENCE", 0)


def long_list(count=5):
    return table(*(row(Name=f"Person {n}", Function=f"Post {n}", Telephones=f"700001{n:02d}", E_mail="")
                   for n in range(count)))  # fmt: skip


def one_step(kept, monkeypatch):
    """As a worker whose time is over after one transaction."""
    times = iter([0.0, 0.0])
    with monkeypatch.context() as patch:
        patch.setattr(lists.time, "monotonic", lambda: next(times, 9.0))
        lists.advance(kept, seconds=1)
    return fresh(kept)


def test_a_long_list_goes_on_where_it_stopped(people, monkeypatch, small_steps):
    kept = sent(people.ocha_bgi, long_list())
    assert (kept.state, kept.total) == ("reading", 0)
    seen = []
    while kept.state == "reading":
        kept = one_step(kept, monkeypatch)
        seen.append(kept.total)
    assert seen == [2, 4, 5, 5]
    lists.agree(kept, by=people.ocha_bgi)
    kept = one_step(kept, monkeypatch)
    assert (kept.state, kept.count, Person.objects.count()) == ("taking", 2, 2)
    lists.advance_all()
    assert fresh(kept).state == "taking", "somebody else is at it"
    ContactList.objects.update(busy_until=timezone.now() - dt.timedelta(seconds=1))
    lists.advance_all()
    assert (fresh(kept).state, Person.objects.count()) == ("done", 5)


def test_giving_up_takes_back_what_came_in_and_leaves_the_rest(people, monkeypatch, small_steps):
    services.open_post(by=people.requester_bria, organisation=people.requester_bria.organisation, function="Post 1",
                       station=DutyStation.objects.get(code="bria"))  # fmt: skip
    before = everything()
    kept = sent(people.ocha_bgi, long_list())
    lists.advance(kept, seconds=5)
    lists.agree(kept, by=people.ocha_bgi)
    kept = one_step(one_step(kept, monkeypatch), monkeypatch)
    assert Person.objects.count() == 4
    lists.cancel(kept, by=people.ocha_bgi)
    assert fresh(kept).state == "undoing"
    lists.advance(fresh(kept), seconds=5)
    assert (fresh(kept).state, fresh(kept).count) == ("cancelled", 0)
    assert everything() == before
    assert not ContactLine.objects.exists()
    assert Event.objects.get(subject_kind="contactlist").kind == "contactlist.give_up"


def test_what_others_built_upon_stays_when_a_list_is_given_up(people, monkeypatch, small_steps):
    kept = sent(people.ocha_bgi, long_list())
    lists.advance(kept, seconds=5)
    lists.agree(kept, by=people.ocha_bgi)
    kept = one_step(kept, monkeypatch)
    services.leave(Post.objects.get(function="Post 0"), by=people.requester_bria)
    lists.cancel(kept, by=people.ocha_bgi)
    lists.advance(fresh(kept), seconds=5)
    assert [one.name for one in Person.objects.all()] == ["Person 0"]
    assert fresh(kept).state == "cancelled"


def test_a_list_in_another_place_and_one_that_nobody_agreed_to_go(people):
    first = sent(people.ocha_bgi, table(ROW))
    second = sent(people.ocha_bgi, table(ROW))
    assert [one.pk for one in ContactList.objects.all()] == [second.pk]
    with pytest.raises(ValidationError, match="in place of this one"):
        lists.agree(first, by=people.ocha_bgi)
    ContactList.objects.update(at=timezone.now() - dt.timedelta(days=8))
    lists.advance_all()
    assert not ContactList.objects.exists()


def test_too_many_rows_are_said_and_nothing_stays(people, monkeypatch):
    monkeypatch.setattr(lists, "Reader", lambda kept: Reader(kept, limits=Limits(10**6, 10**7, 3)))
    kept = sent(people.ocha_bgi, long_list())
    assert (kept.state, kept.problem) == ("broken", "More than 3 rows: split the file.")
    assert not kept.lines.exists()


def test_sentences_are_in_the_senders_language(people):
    people.ocha_bgi.language = "fr"
    people.ocha_bgi.save()
    with translation.override("en"):
        line = sent(people.ocha_bgi, table(row(Duty_station=""))).lines.get()
    assert line.wrong[0][1] == "Lieu d’affectation"


def test_who_stands_in_their_own_list_is_verified_by_another(people):
    by = people.ocha_bgi
    content = table(row(Name=by.name, Function="Adviser"), row(Name="Mail Only", Function="Guard", E_mail=by.email,
                    Telephones="72000005"), row(Name="Somebody", Telephones="72000009", E_mail=""))  # fmt: skip
    taken(by, content)
    assert {one.person.name: one.is_verified for one in Holding.objects.select_related("person")} == {
        by.name: False, "Mail Only": False, "Somebody": True
    }  # fmt: skip


def test_rights_that_ended_between_the_preview_and_the_yes_bring_nothing(people):
    """Neither a post of the organisation nor a second one beside it, which nobody could keep twice."""
    by = people.ocha_bria
    kept = sent(by, table(row(), row(Name="Somebody Else", Function="Driver")))
    appointed(by, by.appointments.get().role, station="birao")
    by.appointments.filter(station__code="bria").update(ends=timezone.localdate() - dt.timedelta(days=1))
    lists.agree(ContactList.objects.get(pk=kept.pk), by=User.objects.get(pk=by.pk))
    assert ContactList.objects.get(pk=kept.pk).state == "done"
    assert not Post.objects.exists() and not Person.objects.exists()

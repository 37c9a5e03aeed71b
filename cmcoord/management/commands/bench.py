"""manage.py bench: does the portal hold its speed targets? Prints each with what was measured and the verdict.

Run it as `make bench [N=100000]`, which gives it a PostgreSQL of its own. Every figure is a ratio to the floor
(cmcoord/bench.py) of the same run on the same data, asked in turn with it.
"""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import resource
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from django.test.utils import override_settings
from django.utils import timezone

from cmcoord.activity import checks, seals
from cmcoord.activity.barrier import Side
from cmcoord.activity.models import Event
from cmcoord.activity.services import record
from cmcoord.bench import PlainForm
from cmcoord.management.bench import data, directory, load, meetings
from cmcoord.management.bench.load import Ask
from cmcoord.management.bench.people import Reader, make_people
from cmcoord.meetings.models import Meeting
from cmcoord.places.models import Axis, Country, DutyStation, Place
from contacts.models import Body, ContactList, Force
from contacts.services import lists
from requests_app import figures, services
from requests_app.models import Case

SMALL = 10_000
BURST, BURST_ROUNDS = 10_000, 40
SMALL_DATABASE = "portal_bench_small"
ROUNDS, DRAFTS, TURNS, CROWD_SECONDS, CLIENTS = 40, 40, 5, 2.0, 8
LIST_ROWS, LIST_ROUNDS, LIST_PAUSE = 6000, 50, 0.1  # rows of a list of contacts; acts meanwhile, seconds between them
LIST_SECONDS = 1800  # for the longest list
LIST_PART = 0.9  # of a list that is watched whole: so much comes in before it is given up
HIDDEN_ROUNDS = 200  # a difference of a tenth would tell what exists
ORDINARY = ("requester, few", "OCHA at one station", "OCHA national unit", "Humanitarian Coordinator",
            "Logistics cluster")  # fmt: skip
WORST = ("requester, nothing yet", "requester, half of all", "OCHA at one station", "several paths at once",
         "Logistics cluster", "Nutrition cluster", "UNDSS", "restricted ones of a station")  # fmt: skip
AT_HOME = (
    "requester, half of all", "OCHA at one station", "OCHA national unit", "Head of Office", "Humanitarian Coordinator",
    "Logistics cluster", "donor", "administrator",
)  # fmt: skip
WORDS = {"rare": data.RARE_WORD, "common": data.COMMON_WORD, "none": data.NO_WORD, "prefix": data.PREFIX}
FLOOR_READER = "no role"
MEETERS = ("OCHA national unit", "OCHA at one station", "requester, few", "force")
FEW_WEEKS = 14  # weeks of meetings in the small database: what the pages show, and little before
DIRECTORY_READERS = ("OCHA national unit", "OCHA at one station", "requester, few", "force", "donor")


@dataclass(frozen=True)
class Target:
    """One line of the table: the number in targets.md, what is measured, the bound and whether less or more is good."""

    number: str
    what: str
    bound: float
    unit: str = "×"
    at_least: bool = False

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


TARGETS = {
    target.number + target.what: target
    for target in (
        Target("P1", "list, by status, first page, p50", 1.5),
        Target("P2", "list, p95, one client", 2),
        Target("P2", "list, p50, 8 clients", 1.7),
        Target("P3", "growth of a page, worst", 1.25),
        Target("P3", "growth of a page of the directory, worst", 1.25),
        Target("P3", "growth of the gaps of a country", 1.25),
        Target("P3", "growth of a page of meetings, worst", 1.25),
        Target("P4", "a far page against the first", 1.2),
        Target("P5", "search, worst of rare, common, none, prefix", 2.5),
        Target("P5", "directory of 100,000, worst of rare, common, none, prefix, misspelt", 2.5),
        Target("P6", "list, worst user for visibility", 2),
        Target("P7", "case page with 20 events", 3),
        Target("P7", "case page, queries", 12, ""),
        Target("P7", "meeting page", 3),
        Target("P8", "meetings: page of a cell, matrix, attendance, worst", 3),
        Target("P8", "meetings, queries of a page, worst", 12, ""),
        Target("P8", "to do, worst role", 3),
        Target("P8", "to do, queries, worst role", 12, ""),
        Target("P8", "directory: whom to call, a duty station, worst", 3),
        Target("P8", "directory: the gaps of a country", 3),
        Target("P8", "directory, queries of a page, worst", 12, ""),
        Target("P9", "submitting a complete draft", 1.6),
        Target("P10", "list, requests per second, 8 clients", 0.6, at_least=True),
        Target("P11", "list, queries, worst role", 6, ""),
        Target("P11", "directory, queries of a search, worst role", 6, ""),
        Target("P11", "meetings, queries of a list, worst role", 6, ""),
        Target("P12", "first page, KB", 60, "KB"),
        Target("P12", "next page, KB, worst", 20, "KB"),
        Target("P13", "rows read for a page of 25, worst", 200, ""),
        Target("–", "hidden case against absent one", 1.1),
        Target("–", "sealed act, delay by a burst of 10,000 events", 100, "ms"),
        Target("–", "sealed act, delay while a list of contacts is taken over", 100, "ms"),
        Target("–", "sealed act, delay while a list of contacts is taken back", 100, "ms"),
    )
}


def quick(taken: Sequence[float]) -> float:
    """The lower quartile: two pages are compared by what they take when nothing else runs."""
    return load.percentile(taken, 0.25)


def import_and_seal(case: int) -> None:
    with transaction.atomic():
        Event.objects.bulk_create(
            Event(stream="CAF", kind="case.comment", subject_kind="import", subject_id=number, data={"case": case})
            for number in range(BURST)
        )
    seals.seal_waiting()


def gaps(asks: Sequence[Ask]) -> list[Ask]:
    """The page of what is missing in a country, which has lines of its own."""
    return [ask for ask in asks if ask.path.endswith("/gaps/")]


def others(asks: Sequence[Ask]) -> list[Ask]:
    return [ask for ask in asks if ask not in gaps(asks)]


def go_on_with_list(kept: int) -> None:
    lists.advance(ContactList.objects.get(pk=kept), seconds=LIST_SECONDS)


def _posted(value) -> str:
    """An answer as a browser posts it."""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return json.dumps(value) if isinstance(value, list) else str(getattr(value, "pk", value))


class Command(BaseCommand):
    help = "Measure the speed targets on a PostgreSQL of its own (make bench)."

    def add_arguments(self, parser):
        parser.add_argument("--cases", type=int, default=100_000)
        parser.add_argument("--people", type=int, help="in the directory; as many as cases, at most 100,000")
        parser.add_argument("--rounds", type=int, default=ROUNDS)
        parser.add_argument("--only", nargs="+", metavar="STEP", help="measure these steps alone: directory growth")

        parser.add_argument("--list-rows", type=int, help="take over a list of contacts of so many rows, nearly whole")

    def handle(self, *args, cases: int, people: int | None, rounds: int, only: list[str] | None, **options):
        if connection.vendor != "postgresql" or not settings.BENCH:
            raise CommandError("The bench needs a PostgreSQL of its own: make bench")
        if Case._meta.db_table in connection.introspection.table_names():
            raise CommandError("This database is in use; the bench fills one that is empty.")
        steps = {step.__name__: step for step in self.steps()}
        if unknown := set(only or ()) - set(steps):
            raise CommandError(f"No such step: {', '.join(sorted(unknown))}. There are: {', '.join(steps)}.")
        self.cases, self.rounds, self.began = max(1000, min(cases, 2_000_000)), max(5, min(rounds, 500)), time.time()
        self.list_size = options["list_rows"]
        self.people = max(1000, min(people or self.cases, directory.PEOPLE))
        self.results: list[tuple[Target, float, str]] = []
        self.broken: list[str] = []
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-"))
            self.fill()
            self.say("static files")
            stack.enter_context(override_settings(STATIC_ROOT=f"{folder}/static"))
            call_command("collectstatic", interactive=False, verbosity=0)
            broker = stack.enter_context(load.queue())
            big = connection.settings_dict["NAME"]
            self.port = stack.enter_context(load.server(self.url_of(big), folder, broker))
            self.small_port = None
            if self.grows:
                self.small_port = stack.enter_context(load.server(self.url_of(SMALL_DATABASE), folder, broker))
            for name, step in steps.items():
                if only and name not in only:
                    continue
                self.say(name.replace("_", " "))
                try:
                    step()
                except (RuntimeError, OSError, DatabaseError) as problem:
                    self.broken.append(f"{step.__name__}: {problem}")
        self.print_table()

    @property
    def grows(self) -> bool:
        """Is there a smaller database to compare with?"""
        return max(self.cases, self.people) > SMALL

    def say(self, text: str, number: int | None = None) -> None:
        count = f" {number:,}" if number is not None else ""
        self.stdout.write(f"  {time.time() - self.began:6.1f} s  {text}{count}")

    # ── data ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def fill(self) -> None:
        """The same people in both databases, the cases of each, and what single targets need."""
        self.say("tables and people")
        call_command("migrate", interactive=False, verbosity=0)
        self.readers, filers = make_people()
        big = connection.settings_dict["NAME"]
        if self.grows:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_database()")
                source = cursor.fetchone()[0]
            self.on_server(f"CREATE DATABASE {SMALL_DATABASE} TEMPLATE {source}")
            self.use(SMALL_DATABASE)
            self.fill_one(min(self.cases, SMALL), min(self.people, SMALL), filers)
            self.use(big)
        self.fill_one(self.cases, self.people, filers)
        self.drafts = [self.draft(self.readers["requester, few"]) for _number in range(min(DRAFTS, self.rounds) + 1)]

    def fill_one(self, number: int, people: int, filers: dict[int, int]) -> None:
        self.say("cases", number)
        car = Country.objects.get(pk="CAF")
        data.make_cases(
            number,
            organisations=filers,
            readers=[reader.user.pk for reader in self.readers.values()],
            hc=self.readers["Humanitarian Coordinator"].user.pk,
            force=Force.objects.get(acronym="MINUSCA"),
            profile=car.profile_on().pk,
            say=self.say,
        )
        self.say("people in the directory", people)
        directory.make_directory(people, by=self.readers["OCHA national unit"].user.pk)
        weeks = meetings.WEEKS if number == self.cases else FEW_WEEKS
        points = meetings.make_meetings(weeks, by=self.readers["OCHA national unit"].user.pk)
        self.say("action points", points)
        figures.roll_up_recent(days=91, countries=[car])
        self.case = self.case_with_events(20)

    def case_with_events(self, number: int) -> Case:
        """A closed case with exactly so many events."""
        case = Case.objects.filter(status="closed", sensitivity="C").order_by("-id")[number]
        known = Event.objects.about(case).count()
        Event.objects.bulk_create(
            Event(stream="CAF", kind="case.comment", by=case.created_by, subject_kind="case", subject_id=case.pk,
                  data={"reference": case.reference, "audience": "everybody"})
            for _number in range(number - known)
        )  # fmt: skip
        return case

    def draft(self, reader: Reader) -> Case:
        """A complete draft, as its author left it."""
        leaves = timezone.now() + dt.timedelta(days=12)
        axis = Axis.objects.get(code="bambari-bria")
        case = services.start_case(
            by=reader.user,
            country=Country.objects.get(pk="CAF"),
            station=DutyStation.objects.get(code="bria"),
            organisation=reader.user.organisation,
        )
        answers = {
            "need": "Food for people around Bria.", "people": 4200, "critical_by": leaves + dt.timedelta(days=5),
            "origin": Place.objects.get(name="Bambari"), "destination": Place.objects.get(name="Bria"), "axis": axis,
            "departure_at": leaves, "window_to": leaves + dt.timedelta(days=3), "rotations": 1, "vehicles": 6,
            "cargo": "Food rations", "no_weapons": True, "un_on_board": False,
            "force": Force.objects.get(acronym="MINUSCA"), "why_safer": "Two ambushes within a month.",
            "neutrality": "Visible; communities are told.", "risks": ["perception"],
            "mitigation": "Marked vehicles.", "exit_plan": "Ends with this convoy.",
        }  # fmt: skip
        day = timezone.localdate() - dt.timedelta(days=2)
        tried = [{"option": name, "tried_on": day, "outcome": "refused", "note": "No."} for name in ("patrol", "route")]
        return services.save_answers(
            case, by=reader.user, base_version=case.version, answers=answers, alternatives=tried
        )

    def use(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    def on_server(self, statement: str) -> None:
        """A statement that no transaction may hold and that needs the database to be left alone."""
        connection.close()
        name = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = "template1"
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()
        connection.settings_dict["NAME"] = name

    def url_of(self, name: str) -> str:
        known = connection.settings_dict
        return f"postgres://{known['USER']}@/{name}?host={known['HOST'] or known['OPTIONS'].get('host', '')}"

    # ── measurements ─────────────────────────────────────────────────────────────────────────────────────────────────

    def steps(self) -> Sequence[Callable[[], None]]:
        return (self.lists, self.far_page, self.search, self.directory, self.directory_growth, self.meetings,
                self.worst_users, self.case_page, self.to_do, self.submitting, self.burst, self.taking_over,
                self.crowd, self.growth, self.queries, self.weight)  # fmt: skip

    def ask(self, reader: str, path: str, name: str = "", **kwargs) -> Ask:
        return Ask(name or f"{reader} {path}", path, self.readers[reader].cookie, **kwargs)

    @property
    def floor(self) -> Ask:
        return self.ask(FLOOR_READER, "/bench/floor/", "floor")

    def found(self, number: str, what: str, value: float, note: str = "") -> None:
        self.results.append((TARGETS[number + what], value, note))

    def times(self, asks: Sequence[Ask], rounds: int | None = None) -> dict[str, list[float]]:
        plan = [(self.port, each) for each in (self.floor, *asks)]
        return {name: taken for (_port, name), taken in load.rounds(plan, rounds or self.rounds).items()}

    def worst(self, number: str, what: str, asks: Sequence[Ask]) -> None:
        """The slowest of these pages by its median, against the floor of the same rounds."""
        times = self.times(asks)
        floor = median(times.pop("floor"))
        name, value = max(((name, median(taken) / floor) for name, taken in times.items()), key=lambda pair: pair[1])
        self.found(number, what, value, f"{name}; floor {floor * 1000:.1f} ms")

    def lists(self) -> None:
        asks = [self.ask(reader, f"/requests/?status={status}") for reader in ORDINARY for status in ("open", "closed")]
        times = self.times(asks)
        floor = times.pop("floor")
        pages = [each for taken in times.values() for each in taken]
        slowest = max(median(taken) for taken in times.values()) / median(floor)
        self.found("P1", "list, by status, first page, p50", median(pages) / median(floor), f"slowest {slowest:.2f} ×")
        self.found(
            "P2", "list, p95, one client", load.percentile(pages, 0.95) / load.percentile(floor, 0.95),
            f"against the floor's p95 {load.percentile(floor, 0.95) * 1000:.1f} ms",
        )  # fmt: skip

    def far_page(self) -> None:
        long_ago = int((timezone.now() - dt.timedelta(days=data.YEARS * 365 * 0.9)).timestamp() * 1_000_000)
        readers = ("OCHA national unit", "OCHA at one station", "requester, half of all")
        pairs = [(self.ask(one, "/requests/"), self.ask(one, f"/requests/?page=n%2B{long_ago}.1")) for one in readers]
        times = self.times([ask for pair in pairs for ask in pair])
        value = max(quick(times[far.name]) / quick(times[first.name]) for first, far in pairs)
        self.found("P4", "a far page against the first", value)

    def search(self) -> None:
        readers = ("OCHA national unit", "OCHA at one station", "requester, half of all")
        asks = [
            self.ask(one, f"/requests/?q={word}", f"{one}, {kind}") for one in readers for kind, word in WORDS.items()
        ]
        self.worst("P5", "search, worst of rare, common, none, prefix", asks)

    def directory(self) -> None:
        asks = [
            self.ask(one, f"/directory/?q={word}", f"{one}, {kind}")
            for one in DIRECTORY_READERS
            for kind, word in directory.WORDS.items()
        ]
        self.worst("P5", "directory of 100,000, worst of rare, common, none, prefix, misspelt", asks)
        pages = list(self.directory_pages())
        self.worst("P8", "directory: whom to call, a duty station, worst", others(pages))
        self.worst("P8", "directory: the gaps of a country", gaps(pages))
        counts = {ask.name: load.cost(ask)[0] for ask in (*asks, *self.directory_pages())}
        for number, what, chosen in (
            ("P11", "directory, queries of a search, worst role", [ask for ask in asks if "misspelt" not in ask.name]),
            ("P8", "directory, queries of a page, worst", [*self.directory_pages(), *asks]),
        ):
            name = max((ask.name for ask in chosen), key=lambda each: counts[each])
            self.found(number, what, counts[name], name)

    def directory_pages(self) -> Iterator[Ask]:
        """The pages beside the search; no other side has the gaps."""
        for reader in DIRECTORY_READERS:
            for path in ("", "stations/bria/", "gaps/"):
                if path != "gaps/" or self.readers[reader].user.side == Side.HUMANITARIAN:
                    yield self.ask(reader, f"/directory/{path}")

    def directory_growth(self) -> None:
        """The searches and pages of the directory, against the same in one of 10,000 people."""
        searches = (self.ask(one, f"/directory/?q={word}") for one in DIRECTORY_READERS
                    for word in directory.WORDS.values())  # fmt: skip
        pages = [*searches, *self.directory_pages()]
        for what, asks in (
            ("growth of a page of the directory, worst", others(pages)),
            ("growth of the gaps of a country", gaps(pages)),
        ):
            self.compared(what, [(ask, ask) for ask in asks], self.people)

    def meetings(self) -> None:
        """Two years of cells: the pages that show one, and the lists."""
        one, pages, lists_of = self.meeting_pages()
        self.worst("P7", "meeting page", one)
        self.worst("P8", "meetings: page of a cell, matrix, attendance, worst", pages)
        for number, what, chosen in (
            ("P8", "meetings, queries of a page, worst", [*one, *pages]),
            ("P11", "meetings, queries of a list, worst role", lists_of),
        ):
            counts = {ask.name: load.cost(ask)[0] for ask in chosen}
            name = max(counts, key=lambda each: counts[each])
            self.found(number, what, counts[name], name)
        self.compared("growth of a page of meetings, worst", [(ask, ask) for ask in (*pages, *lists_of)], self.cases)

    def meeting_pages(self) -> tuple[list[Ask], list[Ask], list[Ask]]:
        """One meeting, the pages about a cell, and the lists, for each reader."""
        cell = Body.objects.get(kind="cell", station__code="bria")
        meeting = Meeting.objects.held().filter(body=cell).order_by("-starts").first()
        found: tuple[list[Ask], list[Ask], list[Ask]] = ([], [], [])
        for reader in MEETERS:
            paths = (
                (f"{meeting.uid}/",),
                (f"bodies/{cell.pk}/", f"bodies/{cell.pk}/attendance/", "regularity/"),
                ("", "?past", "points/"),
            )
            for asks, group in zip(found, paths, strict=True):
                asks += [self.ask(reader, f"/meetings/{path}") for path in group]
        return found

    def worst_users(self) -> None:
        asks = [self.ask(one, path) for one in WORST for path in ("/requests/", "/requests/?status=open")]
        self.worst("P6", "list, worst user for visibility", asks)

    def case_page(self) -> None:
        path = self.case.get_absolute_url()
        self.worst("P7", "case page with 20 events", [self.ask("OCHA national unit", path)])
        counts = {
            number: load.cost(self.ask("OCHA national unit", self.case_with_events(number).get_absolute_url()))[0]
            for number in (9, 20, 60)
        }
        note = ", ".join(f"{count} at {number} events" for number, count in counts.items())
        self.found("P7", "case page, queries", max(counts.values()), note)
        hidden, absent = (self.ask("requester, nothing yet", path) for path in (path, "/requests/CAF-AE-1999-0001/"))
        plan = [(self.port, hidden), (self.port, absent)]
        times = load.rounds(plan, HIDDEN_ROUNDS, wanted=404)
        ratio = median(times[self.port, hidden.name]) / median(times[self.port, absent.name])
        note = f"both 404, medians of {HIDDEN_ROUNDS}"
        self.found("–", "hidden case against absent one", max(ratio, 1 / ratio), note)

    def to_do(self) -> None:
        self.worst("P8", "to do, worst role", [self.ask(reader, "/") for reader in AT_HOME])
        counts = {reader: load.cost(self.ask(reader, "/"))[0] for reader in (*AT_HOME, "several paths at once")}
        reader = max(counts, key=lambda name: counts[name])
        self.found("P8", "to do, queries, worst role", counts[reader], reader)

    def submitting(self) -> None:
        """Each draft is sent once; the floor's form is sent as often, in turn."""
        reader = self.readers["requester, few"]
        cookie, draft = self.readers[FLOOR_READER].cookie, self.drafts[0]
        plain = tuple((name, _posted(getattr(draft, name))) for name in PlainForm.Meta.fields)
        create = Ask("create", "/bench/create/", cookie, "POST", (*plain, ("profile", str(draft.profile_id))))
        small = Ask("small", "/bench/create-small/", cookie, "POST", (
            ("address", "a@example.org"), ("subject", "Subject"), ("text", "Text " * 40), ("html", "")))  # fmt: skip
        taken: dict[str, list[float]] = {"create": [], "small": [], "submit": []}
        for case in self.drafts:
            body = (("client_key", str(case.client_key)), ("base_version", str(case.version)))
            submit = Ask("submit", f"{case.get_absolute_url()}submit/", reader.cookie, "POST", body)
            for ask in (create, small, submit):
                answer = load.fetch(self.port, ask)
                if answer.status != 302:
                    raise RuntimeError(f"{ask.path} answered {answer.status} instead of 302.")
                taken[ask.name].append(answer.seconds)
        create_time, small_time, submit_time = (median(taken[name][1:]) for name in ("create", "small", "submit"))
        note = f"plain form {create_time * 1000:.1f} ms; {submit_time / small_time:.2f} × a form of four fields"
        self.found("P9", "submitting a complete draft", submit_time / create_time, note)

    def burst(self) -> None:
        """What seals at once, alone and while another process imports events and seals everything that waits."""
        alone = [self.sealed_act() for _number in range(BURST_ROUNDS)]
        connection.close()  # each process has a connection of its own
        importer = multiprocessing.get_context("fork").Process(
            target=import_and_seal, args=(self.case.pk,), daemon=True
        )
        importer.start()
        within = [self.sealed_act() for _number in range(BURST_ROUNDS)]
        running = importer.is_alive()
        importer.terminate()
        importer.join()
        if importer.exitcode not in (0, -signal.SIGTERM):
            raise RuntimeError(f"The importer ended with {importer.exitcode}.")
        note = f"{median(alone) * 1000:.0f} ms alone" + ("" if running else "; the import was over before")
        delay = (median(within) - median(alone)) * 1000
        self.found("–", "sealed act, delay by a burst of 10,000 events", delay, note)

    def taking_over(self) -> None:
        """Decisions while a worker takes a list of contacts over, and while it takes back what came in."""
        by, size = self.readers["OCHA national unit"].user, self.list_size or LIST_ROWS
        kept = lists.keep_list(
            by=by, country=Country.objects.get(pk="CAF"), name="bench.csv", content=directory.contact_list(size)
        )
        lists.advance(kept, seconds=LIST_SECONDS)
        alone = self.paced_acts(LIST_ROUNDS, lambda: False)
        for start, word, acts in ((lists.agree, "over", LIST_ROUNDS), (lists.cancel, "back", LIST_ROUNDS // 5)):
            start(kept, by=by)
            before, began = self.list_rows(kept), time.perf_counter()
            connection.close()
            worker = multiprocessing.get_context("fork").Process(target=go_on_with_list, args=(kept.pk,), daemon=True)
            worker.start()
            enough = size * LIST_PART if start is lists.agree else size
            within = self.paced_acts(
                None if self.list_size else acts,
                lambda worker=worker, enough=enough: not worker.is_alive() or self.list_rows(kept) >= enough,
            )
            running, seconds = worker.is_alive(), time.perf_counter() - began
            rows = abs(self.list_rows(kept) - before)
            worker.terminate()
            worker.join()
            if worker.exitcode not in (0, -signal.SIGTERM):
                raise RuntimeError(f"The worker ended with {worker.exitcode}.")
            heavy = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            note = (
                f"{median(alone) * 1000:.0f} ms alone, slowest {max(within) * 1000:.0f} of {len(within)}; "
                f"{rows:,} rows, {rows / seconds:.0f}/s, at most {heavy:.0f} MB"
            )
            self.found(
                "–", f"sealed act, delay while a list of contacts is taken {word}",
                (median(within) - median(alone)) * 1000, note + ("" if running else "; it was over before"),
            )  # fmt: skip

    def list_rows(self, kept: ContactList) -> int:
        return ContactList.objects.values_list("count", flat=True).get(pk=kept.pk)

    def paced_acts(self, number: int | None, enough: Callable[[], bool]) -> list[float]:
        """So many, or as many as there is time for: long enough for several steps of a list."""
        found: list[float] = []
        while len(found) != number and not (found and enough()):
            found.append(self.sealed_act())
            time.sleep(LIST_PAUSE)
        return found

    def sealed_act(self) -> float:
        """As a decision does it: read the own case and the newest seal again, write, seal."""
        began = time.perf_counter()
        with transaction.atomic():
            if stopped := checks.why_stopped_here("CAF", f"case/{self.case.pk}"):
                raise RuntimeError(stopped)
            record(self.case, "case.redecide", by=self.readers["Humanitarian Coordinator"].user)
        return time.perf_counter() - began

    def crowd(self) -> None:
        asks = [self.ask(reader, "/requests/?status=open") for reader in ORDINARY]
        rates: dict[str, list[tuple[float, float]]] = {"floor": [], "list": []}
        for _turn in range(TURNS):
            for name, those in (("floor", [self.floor]), ("list", asks)):
                rates[name].append(load.crowd(self.port, those, clients=CLIENTS, seconds=CROWD_SECONDS))
        per_second, middle = (
            [sum(pair[place] for pair in rates[name]) / TURNS for name in ("list", "floor")] for place in (0, 1)
        )
        self.found("P2", "list, p50, 8 clients", middle[0] / middle[1])
        note = f"{per_second[0]:.0f} against {per_second[1]:.0f} per second"
        self.found("P10", "list, requests per second, 8 clients", per_second[0] / per_second[1], note)

    def growth(self) -> None:
        if self.small_port is None:
            return
        path, big = self.case.get_absolute_url(), connection.settings_dict["NAME"]
        self.use(SMALL_DATABASE)
        small_path = Case.objects.filter(status="closed", sensitivity="C").order_by("-id")[20].get_absolute_url()
        self.use(big)
        asks = [self.ask(one, "/requests/") for one in ORDINARY] + [self.ask(one, "/") for one in AT_HOME]
        asks += [self.ask(one, "/requests/?status=closed") for one in ORDINARY]
        pairs = [(ask, ask) for ask in asks]
        pairs.append((self.ask("OCHA national unit", small_path, "case"), self.ask("OCHA national unit", path, "case")))
        self.compared("growth of a page, worst", pairs, self.cases)

    def compared(self, what: str, pairs: Sequence[tuple[Ask, Ask]], number: int) -> None:
        """Each page of the small database against that of the big one."""
        if self.small_port is None:
            return
        plan = [side for small, big in pairs for side in ((self.small_port, small), (self.port, big))]
        times = load.rounds(plan, self.rounds)
        ratios = {
            big.name: quick(times[self.port, big.name]) / quick(times[self.small_port, small.name])
            for small, big in pairs
        }
        name = max(ratios, key=lambda each: ratios[each])
        note = f"{name}; {SMALL:,} to {number:,}, median {median(ratios.values()):.2f} ×"
        self.found("P3", what, ratios[name], note)

    def queries(self) -> None:
        costs = {
            ask.name: load.cost(ask)
            for reader in (*WORST, *ORDINARY)
            for ask in (self.ask(reader, "/requests/"), self.ask(reader, "/requests/?status=open&sort=due"),
                        self.ask(reader, f"/requests/?q={data.COMMON_WORD}"))
        }  # fmt: skip
        name = max(costs, key=lambda each: costs[each][0])
        self.found("P11", "list, queries, worst role", costs[name][0], f"{name}; session and rights included")
        every = costs | {
            ask.name: load.cost(ask)
            for ask in (self.ask("OCHA national unit", "/"), self.ask("force", "/force/"),
                        self.ask("OCHA national unit", "/notifications/"), self.ask("administrator", "/accounts/"),
                        self.ask("OCHA national unit", self.case.get_absolute_url()))
        }  # fmt: skip
        name = max(every, key=lambda each: every[each][1])
        self.found("P13", "rows read for a page of 25, worst", every[name][1], name)

    def weight(self) -> None:
        pages = [self.ask("OCHA national unit", path) for path in ("/requests/", "/", self.case.get_absolute_url())]
        sizes = {ask.path: load.first_and_next(self.port, ask) for ask in pages}
        first, following = (max(size[place] for size in sizes.values()) / 1024 for place in (0, 1))
        self.found("P12", "first page, KB", first)
        self.found("P12", "next page, KB, worst", following)

    # ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────

    def print_table(self) -> None:
        self.stdout.write(f"\n{self.cases:,} cases, {load.WORKERS} sync workers, {self.rounds} rounds\n\n")
        self.stdout.write(f"{'':4} {'what':46} {'target':>9} {'measured':>10}  verdict")
        failed = 0
        order = list(TARGETS.values())
        for target, value, note in sorted(self.results, key=lambda row: order.index(row[0])):
            good = target.holds(value)
            failed += not good
            bound = f"{'≥' if target.at_least else '≤'} {target.bound:g} {target.unit}".strip()
            shown = f"{value:.2f} {target.unit}" if target.unit == "×" else f"{value:.0f} {target.unit}"
            verdict = "holds" if good else "MISSED"
            self.stdout.write(f"{target.number:4} {target.what:46} {bound:>9} {shown.strip():>10}  {verdict:7} {note}")
        self.stdout.write(f"\n{len(self.results) - failed} of {len(self.results)} hold.")
        for line in self.broken:
            self.stdout.write(f"Not measured: {line}")

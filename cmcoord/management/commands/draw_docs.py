"""Which documents are written from the code? docs/workflow.md from the moves, docs/permissions.md from the addresses,
docs/fields.md from the fields of the request forms, docs/guidelines.md from the rules and the library of guidelines.

With --check it fails when one is stale.
"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from cmcoord.accounts.roles import Role
from cmcoord.activity.barrier import tables
from cmcoord.addresses import Address, Audience, Reach, addresses
from cmcoord.guidance.clauses import CLAUSES, cited_in, of_document
from cmcoord.guidance.documents import DOCUMENTS
from requests_app import fields, guidelines, moves, reverse_workflow
from requests_app.models import ReverseStatus, Status

FOLDER = Path(settings.BASE_DIR) / "docs"
WHO = {
    moves.OWN: "requester",
    moves.STATION: "OCHA station",
    moves.NATIONAL: "national unit",
    moves.RELEASE: "OCHA",
    moves.COORDINATOR: "HC",
    moves.FORCE: "force",
    moves.PORTAL: "portal",
    moves.ANYBODY: "everybody who sees the case",
    moves.PERSON: "the person concerned",
    "record_for_others": "OCHA, taking it down",
    "advise_cluster": "cluster",
    "advise_un_security": "UNDSS",
    "advise_ngo_security": "NGO security adviser",
    "take_position": "HCT member",
    "suspend_case": "OCHA or HC",
    "waive_after_action": "OCHA",
}
HEAD = """# The life of a request

Written by `manage.py draw_docs` from `requests_app/moves.py`; do not edit by hand.

What exists only where a request is decided in one way (`CountryProfile.decision_for`) says so in the column *Only*:
by the Humanitarian Coordinator (hc), by consensus of the country team (hct_consensus), by the Coordinator after the
country team was consulted (hct_consulted), or left to the force (force).
"""

PERMISSIONS_HEAD = """# Who may open what

Written by `manage.py draw_docs` from the addresses of the portal, `cmcoord/addresses.py`, the roles and the audience
tables; do not edit by hand. `tests/test_permission_matrix.py` asks every address in the name of every kind of person.

Of an object (a request, a person, a force's file) a role opens:

| Cell | own station, organisation, body or force | another station | another country | absent |
|---|---|---|---|---|
| **all** | yes | yes | yes | 404 |
| **country** | yes | yes | 404 | 404 |
| **own** | yes | 404 | 404 | 404 |
| 403, 404 | that answer | that answer | that answer | that answer |

What is hidden answers as what is absent. A step that a role may not make on a request it sees answers 403, one that
came too late 409.
"""


FIELDS_HEAD = """# The fields of a request

Written by `manage.py draw_docs` from `requests_app/fields.py` and the audience tables; do not edit by hand. Names,
labels and classes are those of `domain.md` §3.1, §3.2 and §3.6.

*Half*: `start` before there is a request; `ask` what the requester files, at most 20 inputs; `sheet` the execution
sheet, due before it is scheduled; `review` until the decision; `later` with the force and on the road. Every field is
read by the humanitarians who see the request. *Force* says what the force to which it went gets of it, and from which
step on: `rewritten` is OCHA's own text in its place, `in part` means that some of its columns never leave.
"""


GUIDELINES_HEAD = """# The rules and the guidelines they rest on

Written by `manage.py draw_docs` from `requests_app/guidelines.py` and `cmcoord/guidance/`; do not edit by hand.

*stop* cannot be sent; *justify* needs a written reason that the Humanitarian Coordinator reads; *inform* is told. A
request cites the clause of its own country; a country without a text of its own ("elsewhere") gets the international
ones. What another country has on the same matter is shown small, to compare.
"""


class Command(BaseCommand):
    help = "Write the documents that follow from the code; --check only says which are stale."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check=False, **options):
        with translation.override("en"):
            pages = {
                "workflow.md": workflow_page(),
                "permissions.md": permissions_page(),
                "fields.md": fields_page(),
                "guidelines.md": guidelines_page(),
            }
        stale = [name for name, text in pages.items() if _read(FOLDER / name) != text]
        if check and stale:
            raise CommandError(f"Stale: {', '.join(stale)}. Run: python manage.py draw_docs")
        if not check:
            FOLDER.mkdir(exist_ok=True)
            for name in stale:
                (FOLDER / name).write_text(pages[name], encoding="utf-8")
        self.stdout.write(f"{len(pages)} documents, {len(stale)} {'stale' if check else 'written'}.")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def workflow_page() -> str:
    """The diagram and the table, in the order of the moves."""
    return "\n".join(
        [HEAD, "## Diagram", "", *_diagram(), "", "## Moves", "", *_table(), "", "## States", "", *_states(), "",
         *_reverse(), ""]
    )  # fmt: skip


def _diagram() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    for line in moves.MOVES:
        if line.target and line.target not in (moves.BACK, moves.TOLD):
            lines += [f"    {source} --> {line.target}: {line.code}" for source in line.sources]
    lines += [f"    suspended --> {source}: resume" for line in moves.lines("suspend") for source in line.sources]
    lines += [f"    {status} --> [*]" for status in _last()]
    return [*lines, "```"]


def _last() -> list[str]:
    left = {source for line in moves.MOVES if line.target for source in line.sources}
    return [status for status in Status.values if status not in left]


def _table() -> list[str]:
    rows = ["| Move | From | To | Who | Needs | Hears | Only |", "|---|---|---|---|---|---|---|"]
    for line in moves.MOVES:
        target = line.target or "(beside the status)"
        target = {moves.BACK: "where it came from", moves.TOLD: "the end that the list tells"}.get(target, target)
        needs = ", ".join(guard.__name__.replace("_", " ") for guard in line.needs) or "–"
        hears = ", ".join(name + (f" ({expects})" if expects else "") for name, expects in line.tells) or "–"
        who = ", ".join(dict.fromkeys(WHO[who] for who in line.who))
        cells = (line.code, ", ".join(line.sources), target, who, needs, hears, ", ".join(line.only) or "–")
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _states() -> list[str]:
    rows = ["| Code | English | French |", "|---|---|---|"]
    for status in Status:
        with translation.override("fr"):
            french = str(status.label)
        rows.append(f"| {status.value} | {status.label} | {french} |")
    return rows


REVERSE_HEAD = """## A force asks for a humanitarian asset

From `requests_app/reverse_workflow.py`. What is prohibited is refused in the transaction in which it is filed; no move
leads out of *refused*. The force reads its own words and the answers, never who refused or why.
"""
OF_REVERSE = {
    reverse_workflow.OCHA: "OCHA",
    reverse_workflow.OWNER: "owner of the asset",
    reverse_workflow.COORDINATOR: "HC",
    reverse_workflow.FORCE: "force",
    reverse_workflow.PORTAL: "portal",
}


def _reverse() -> list[str]:
    """The states and moves of a reverse request, and what is never transported."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for line in reverse_workflow.MOVES:
        lines += [f"    {source} --> {line.target}: {line.code}" for source in line.sources or ("[*]",)]
    rows = ["| Move | From | To | Who | Hears | The force is answered |", "|---|---|---|---|---|---|"]
    for line in reverse_workflow.MOVES:
        who = ", ".join(OF_REVERSE[who] for who in line.who) + (" (or OCHA by telephone)" if line.recordable else "")
        hears = ", ".join(name + (f" ({expects})" if expects else "") for name, expects in line.tells) or "–"
        sources = ", ".join(line.sources) or "–"
        rows.append(f"| {line.code} | {sources} | {line.target} | {who} | {hears} | {line.answer or '–'} |")
    states = ["| Code | English | French |", "|---|---|---|"]
    for status in ReverseStatus:
        with translation.override("fr"):
            french = str(status.label)
        states.append(f"| {status.value} | {status.label} | {french} |")
    never = ", ".join(str(code.label).lower() for code in reverse_workflow.PROHIBITED)
    told = f"Refused at once in every country: {never}; where nothing of a force travels, everything else of it too."
    return [REVERSE_HEAD, *lines, "```", "", *rows, "", told, "", *states]


def permissions_page() -> str:
    """Role × address × method × object, and which side reads which class of fields."""
    return "\n".join([PERMISSIONS_HEAD, *_matrix(), "", *_fields(), ""])


def fields_page() -> str:
    """Every field of the request forms: where it stands, who fills it when, who reads it."""
    rows = ["| § | Field | Half | By | Required | Class | Force | English | French | Clause | Held by |"]
    rows.append("|" + "---|" * 11)
    rows += [
        f"| {each.form} | {each.name} | {each.half} | {each.by} | {each.required} | {each.sensitivity} | {each.told} | "
        f"{each.label_en} | {each.label_fr} | {each.clause or '–'} | {each.held.replace(' ', ', ')} |"
        for each in fields.FIELDS
    ]
    waiting = ", ".join(f"`{name}`" for name in fields.NOT_YET)
    return "\n".join([FIELDS_HEAD, *rows, "", "Not built yet: " + waiting + ".", ""])


def _matrix() -> list[str]:
    found = [one for one in addresses() if one.audience]
    rows = []
    for words, declared in _by_audience(found).items():
        rows += [f"## For {words}", "", f"| Method | Address | Signed out | {' | '.join(Role)} |"]
        rows.append("|---|---|---|" + "---|" * len(Role))
        rows += [_address_row(one, one.audience) for one in declared if one.audience]
        rows.append("")
    return rows


def _by_audience(found: list[Address]) -> dict[str, list[Address]]:
    """Reference data and signing in, which a library brings, stand as one line for each family."""
    grouped: dict[str, list[Address]] = {}
    for one in found:
        if one.audience and not one.family:
            grouped.setdefault(one.audience.words, []).append(one)
    for one in {one.family: one for one in found if one.family}.values():
        if one.audience:
            family = Address(f"/{'admin' if one.family == 'admin:' else 'account'}/… ({one.family}…)", one.name,
                             one.audience, one.methods)  # fmt: skip
            grouped.setdefault(one.audience.words, []).append(family)
    return grouped


def _address_row(one: Address, audience: Audience) -> str:
    cells = []
    for role in Role:
        reach = audience.reach_of(role)
        cells.append(str(audience.refused) if reach == Reach.NONE else str(reach))
    methods = one.methods.replace(" ", ", ")
    return f"| {methods} | `{one.route}` | {audience.signed_out} | {' | '.join(cells)} |"


def _fields() -> list[str]:
    rows = ["## Fields", "", "What a force gets of each field, and in which class it is: from the audience tables.", ""]
    rows += ["| Model | Field | Class | Humanitarian side | Force | From |", "|---|---|---|---|---|---|"]
    for label, lines in sorted(tables().items()):
        for field, line in lines.items():
            reads = "yes" if "humanitarian" in line.readers else "–"
            force = "–" if line.force == "no" else line.force.replace("_", " ")
            stage = line.stage.name.lower() if line.force != "no" else "–"
            rows.append(f"| {label} | {field} | {line.sensitivity.value} | {reads} | {force} | {stage} |")
    return rows


def guidelines_page() -> str:
    """Each rule with its clauses by country, those clauses in our words, and each document with what is known of it."""
    countries = sorted({country for document in DOCUMENTS for country in document.countries})
    rules = [
        f"| Rule | Gate | Types | Beside | {' | '.join(countries)} | elsewhere |",
        "|---|---|---|---|---|" + "---|" * len(countries),
    ]
    for rule in guidelines.RULES:
        gate = "; ".join([rule.level, *(f"{country}: {level}" for country, level in rule.levels.items())])
        clauses = [cited_in(rule.clause, country) for country in (*countries, "")]
        cells = (rule.code, gate, ", ".join(rule.types), rule.field or "–", *clauses)
        rules.append(f"| {' | '.join(cells)} |")
    cited = [key for key in CLAUSES if any(key in rule.clause.split(", ") for rule in guidelines.RULES)]
    clauses = ["| Clause | In our words | Countries |", "|---|---|---|"]
    for key in cited:
        held = ", ".join(CLAUSES[key].document.countries) or "all"
        clauses.append(f"| {key} | {CLAUSES[key].gist_en} | {held} |")
    documents = [
        "| Code | Document | Version | Languages | Text | Clauses | Countries |",
        "|---|---|---|---|---|---|---|",
    ]
    for document in DOCUMENTS:
        spoken = ", ".join(document.languages).upper()
        cells = (document.code, document.title_en, document.version, spoken, document.state.lower())
        number = len(of_document(document)) or "–"
        documents.append(f"| {' | '.join(cells)} | {number} | {', '.join(document.countries) or 'all'} |")
    return "\n".join(
        [
            GUIDELINES_HEAD,
            "## Rules",
            "",
            *rules,
            "",
            "## Clauses",
            "",
            *clauses,
            "",
            "## Documents",
            "",
            *documents,
            "",
        ]
    )

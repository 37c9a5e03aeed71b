"""Lists of contacts as people send them. Every person and every number is made up."""

from __future__ import annotations

from contacts.models import ContactList, Merge, Person
from contacts.services import lists
from contacts.services.merging import Chosen, merge

HEAD = ["Duty station", "Organisation", "Name", "Function", "Telephones", "E-mail", "From"]
ROW = ["Bria", "AID-A", "Awa Mbolido", "Logistician", "+236 72 00 00 01", "awa@example.org", "2026-03-01"]

# As the flyer prints its contact places: numbers in four ways, two in a cell, one without the country code.
FLYER = """\
Lieu;Nom et prénom;Rôle CMCoord;Téléphone;Courriel;Depuis
Bangui;Élodie Ngaïssona;Point focal CMCoord;+236 70 00 00 01;cmcoord.bangui@example.org;01/02/2026
Bambari;Fidèle Yakété;Point focal CMCoord;70 00 00 02/ 75 00 00 03;;01/02/2026
Alindao;Honoré N’Djoni;Point focal CMCoord;+23670000004;;15/03/2026
Bangassou;Chloé Zoungoula;Point focal CMCoord;+236 7000 00 05;;15/03/2026
Batangafo;Brice Ouaïmon;Point focal CMCoord;70000006;;15/03/2026
Bocaranga;Aïssatou Bello;Point focal CMCoord;00236 70 00 00 07;;15/03/2026
Bouar;Noël Sambia;Point focal CMCoord;236 70 00 00 08;;15/03/2026
Birao;Zara Abdoulaye;Point focal CMCoord;+236 70 00 00 09 ou Thuraya +8821 65 00 00 00;;15/03/2026
Bria;Grâce Féïkoumo;Point focal CMCoord;70-00-00-10;;15/03/2026
Kaga-Bandoro;Désiré Kété;Point focal CMCoord;+236 (0) 70 00 00 11;;15/03/2026
Paoua;Inès Bétoudji;Point focal CMCoord;+236 70 00 00 12 (WhatsApp);;15/03/2026
Zémio;Rodrigue Ngba;Point focal CMCoord;70.00.00.13;;15/03/2026
Berbérati;Sœur Angèle Mbaïki;Point focal CMCoord;70 00 00 14;;15/03/2026
"""


def table(*rows, head=None, delimiter=";", encoding="utf-8") -> bytes:
    """A CSV file."""
    return "\r\n".join(delimiter.join(map(str, each)) for each in (head or HEAD, *rows)).encode(encoding)


def row(**changes) -> list[str]:
    """The usual row with other cells, by heading: row(Name="…", E_mail="")."""
    wanted = {name.replace("_", " ").replace("E mail", "E-mail"): value for name, value in changes.items()}
    return [wanted.get(heading, cell) for heading, cell in zip(HEAD, ROW, strict=True)]


def sent(by, content: bytes, name="contacts.csv", **given) -> ContactList:
    """The list as it waits for a yes."""
    country = by.appointments.get().country
    return _through(lists.keep_list(by=by, country=country, name=name, content=content, **given))


def taken(by, content: bytes, *, without_wrong=False, choices=None, **given) -> ContactList:
    """The list, agreed to."""
    kept = sent(by, content, **given)
    if choices:
        lists.choose(kept, by=by, choices=choices)
    lists.agree(kept, by=by, without_wrong=without_wrong)
    return _through(kept)


def _through(kept: ContactList) -> ContactList:
    """However slow the machine is; a test that wants to see it under way takes the patience away."""
    if lists.PATIENCE:
        lists.advance(kept, seconds=60)
    return fresh(kept)


def two_alike(people, name="Awa Twin") -> tuple[Person, Person]:
    """Two people of the requesting organisation in Bria with the same name."""
    taken(people.requester_bria, table(row(Name=name, Function=f"Cook {name}", Telephones="", E_mail="")))
    content = table(row(Name=name, Function=f"Nurse {name}", Telephones="", E_mail="other@example.org"))
    taken(people.requester_bria, content, choices={2: "other"})
    one, other = Person.objects.filter(name=name).order_by("pk")
    return one, other


def merged(people) -> Merge:
    """Two people who became one."""
    one, other = two_alike(people, name="Paul Twin")
    return merge(one, other, by=people.requester_bria, chosen=Chosen(one.name, (), frozenset(), frozenset()))


def fresh(kept: ContactList) -> ContactList:
    return ContactList.objects.get(pk=kept.pk)


def states(kept: ContactList) -> dict[int, str]:
    return dict(kept.lines.values_list("number", "state"))

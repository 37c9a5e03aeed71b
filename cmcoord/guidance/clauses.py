"""Which sentence of which guideline does a rule rest on? One line for each clause that an escort in CAR refers to.

The gists are our own words. A clause carries a number only where the text itself could be read; of the IASC guidelines
on armed escorts the section titles are known, so that its keys name sections and never paragraphs.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language


@dataclass(frozen=True)
class Document:
    """A guideline, with its title in both languages, its date in words and what a reader must know about it."""

    code: str
    title_en: str
    title_fr: str
    date_en: str
    date_fr: str
    note_en: str = ""
    note_fr: str = ""

    @property
    def title(self) -> str:
        return _in_language(self.title_en, self.title_fr)

    @property
    def date(self) -> str:
        return _in_language(self.date_en, self.date_fr)

    @property
    def note(self) -> str:
        return _in_language(self.note_en, self.note_fr)


@dataclass(frozen=True)
class Clause:
    """One clause: its key as it is cited, the document, and what it says in our own words."""

    key: str
    document: Document
    gist_en: str
    gist_fr: str

    @property
    def gist(self) -> str:
        return _in_language(self.gist_en, self.gist_fr)

    @property
    def anchor(self) -> str:
        return anchor_of(self.key)


CAR = Document(
    "CAR-CMC",
    "Humanitarian civil-military coordination in the Central African Republic: guidelines and flyer",
    "Coordination civilo-militaire humanitaire en République centrafricaine : lignes directrices et dépliant",
    "guidelines of 3 October 2017, flyer of August 2020",
    "lignes directrices du 3 octobre 2017, dépliant d’août 2020",
    "Endorsed by the Special Representative of the Secretary-General, the Force Commander and the Humanitarian "
    "Coordinator. Section numbers are those of the flyer.",
    "Endossées par le Représentant spécial du Secrétaire général, le Commandant de la Force et le Coordonnateur "
    "humanitaire. Les numéros de section sont ceux du dépliant.",
)
IASC = Document(
    "IASC-AE",
    "IASC Non-Binding Guidelines on the Use of Armed Escorts for Humanitarian Convoys",
    "Directives non contraignantes de l’IASC sur le recours aux escortes armées pour les convois humanitaires",
    "27 February 2013",
    "27 février 2013",
    "Cited by section title: read the paragraph in the document itself.",
    "Citées par titre de section : lisez le paragraphe dans le document lui-même.",
)

_TABLE = [
    (
        CAR,
        "§1",
        "What civil-military coordination is; the guidelines cover the military, police and civilian components.",
        "Ce qu’est la coordination civilo-militaire ; les lignes directrices couvrent les composantes militaire, "
        "policière et civile.",
    ),
    (
        CAR,
        "§3",
        "Liaison framework, clear criteria for asking for military means, distinction, follow-up of how the guidelines "
        "are applied.",
        "Cadre de liaison, critères clairs pour demander des moyens militaires, distinction, suivi de l’application.",
    ),
    (
        CAR,
        "§4",
        "MINUSCA and humanitarian actors are bound; bilateral forces and internal security forces are encouraged to "
        "apply the guidelines; non-State armed groups are outside.",
        "La MINUSCA et les acteurs humanitaires sont liés ; les forces bilatérales et les forces de sécurité "
        "intérieure sont encouragées à appliquer les lignes directrices ; les groupes armés non étatiques en sont "
        "exclus.",
    ),
    (
        CAR,
        "§5",
        "One coherent approach to escorts: alternatives first (shared movement plans, patrols on the axis), last "
        "resort understood by all, clear processes.",
        "Une approche cohérente des escortes : d’abord les alternatives (plans de mouvement partagés, patrouilles "
        "d’axe), une même compréhension du dernier recours, des processus clairs.",
    ),
    (
        CAR,
        "§6",
        "Humanitarian principles, distinction, do no harm, last resort, coexistence, separate assessments, lessons "
        "learned.",
        "Principes humanitaires, distinction, ne pas nuire, dernier recours, coexistence, évaluations séparées, "
        "leçons apprises.",
    ),
    (
        CAR,
        "§7",
        "Consent before information is shared, no weapons in humanitarian premises, clear marking and clothing, "
        "separate communication.",
        "Accord avant tout partage d’information, pas d’armes dans les locaux humanitaires, marquage et tenues "
        "distincts, communication séparée.",
    ),
    (
        CAR,
        "§8.1",
        "Assets of MINUSCA are used as a last resort only.",
        "Les moyens de la MINUSCA ne servent qu’en dernier recours.",
    ),
    (
        CAR,
        "§8.2",
        "They are used for humanitarian purposes only.",
        "Ils ne servent qu’à des fins humanitaires.",
    ),
    (
        CAR,
        "§8.3",
        "The civilian and humanitarian character is preserved.",
        "Le caractère civil et humanitaire est préservé.",
    ),
    (
        CAR,
        "§8.4",
        "The need is humanitarian, immediate and urgent.",
        "Le besoin est humanitaire, immédiat et urgent.",
    ),
    (
        CAR,
        "§8.5",
        "Humanitarian partners themselves decide to ask.",
        "Ce sont les partenaires humanitaires qui décident de demander.",
    ),
    (
        CAR,
        "§8.6",
        "The use is limited in area and in time.",
        "L’utilisation est limitée dans l’espace et dans le temps.",
    ),
    (
        CAR,
        "§8.7",
        "The Humanitarian Coordinator approves, through OCHA.",
        "Le Coordonnateur humanitaire approuve, par l’intermédiaire d’OCHA.",
    ),
    (
        CAR,
        "§9.3",
        "Weapons, military equipment and uniformed personnel are never carried with humanitarian means.",
        "Les armes, le matériel militaire et le personnel en uniforme ne sont jamais transportés avec des moyens "
        "humanitaires.",
    ),
    (
        CAR,
        "§10",
        "Cells at the duty stations, co-chaired by OCHA and the operations of MINUSCA; strategic coordination by the "
        "Humanitarian Coordinator and the OCHA Head of Office.",
        "Cellules dans les lieux d’affectation, coprésidées par OCHA et les opérations de la MINUSCA ; coordination "
        "stratégique par le Coordonnateur humanitaire et le chef de bureau d’OCHA.",
    ),
    (
        IASC,
        "§II",
        "General rule: no armed escort; alternatives first, an escort as an exception and last resort.",
        "Règle générale : pas d’escorte armée ; d’abord les alternatives, l’escorte par exception et en dernier "
        "recours.",
    ),
    (
        IASC,
        "§III",
        "Consequences of escorts, for perception, for access and for others.",
        "Conséquences des escortes, pour la perception, pour l’accès et pour les autres.",
    ),
    (IASC, "§IV", "Alternatives to armed escorts.", "Alternatives aux escortes armées."),
    (
        IASC,
        "§V",
        "Who decides, and the four criteria.",
        "Qui décide, et les quatre critères.",
    ),
    (
        IASC,
        "§V.1",
        "First criterion: humanitarian need and programme criticality.",
        "Premier critère : besoin humanitaire et criticité du programme.",
    ),
    (
        IASC,
        "§V.2",
        "Second criterion: the authorities responsible for security.",
        "Deuxième critère : les autorités responsables de la sécurité.",
    ),
    (
        IASC,
        "§V.3",
        "Third criterion: safety and security; the escort must lower the risk.",
        "Troisième critère : sûreté et sécurité ; l’escorte doit réduire le risque.",
    ),
    (
        IASC,
        "§V.4",
        "Fourth criterion: sustainability; no dependency on escorts.",
        "Quatrième critère : durabilité ; pas de dépendance aux escortes.",
    ),
    (IASC, "§VI", "Guiding principles of an escort.", "Principes directeurs d’une escorte."),
    (
        IASC,
        "§VII",
        "Choice of the provider, negotiation and procedures.",
        "Choix du fournisseur, négociation et procédures.",
    ),
    (
        IASC,
        "§VIII",
        "A plan for ending the use of escorts.",
        "Un plan pour mettre fin au recours aux escortes.",
    ),
]

CLAUSES: dict[str, Clause] = {
    f"{document.code} {section}": Clause(f"{document.code} {section}", document, english, french)
    for document, section, english, french in _TABLE
}
DOCUMENTS = (CAR, IASC)


def anchor_of(key: str) -> str:
    """The name of a clause within the page: "CAR-CMC §8.1" → "car-cmc-8-1"."""
    return slugify(key.replace("§", "").replace("¶", "").replace(".", "-"))


def url_of(key: str) -> str:
    """Where a cited clause is explained; the page itself for a key without a line."""
    page = reverse("guidance:clauses")
    return f"{page}#{anchor_of(key)}" if key in CLAUSES else page


def of_document(document: Document) -> list[Clause]:
    return [clause for clause in CLAUSES.values() if clause.document == document]


def _in_language(english: str, french: str) -> str:
    return french if (get_language() or "en").startswith("fr") else english

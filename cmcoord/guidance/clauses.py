"""Which sentence of which guideline does a rule rest on? One line for each clause, by the key that cites it.

The gists are our own words. A clause carries a number only where the text itself could be read; of the international
guidelines the section titles are known, so that their keys name sections and never paragraphs.

A rule rests on a clause in each country: "CAR-CMC §8.5, ML-POS ¶6, MCDA-2006 Key concepts" (a document whose text is
missing is cited as a whole). `cited_in` picks the one for a country.
"""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import slugify

from cmcoord.guidance.documents import (
    ASSETS,
    BY_CODE,
    CAR,
    DOCUMENTS,
    IASC,
    MALI,
    MALI_ACCESS,
    MALI_COORDINATION,
    MALI_PROTECTION,
    RESOLUTION,
    Document,
    in_language,
)
from cmcoord.places.models import folded

LONGEST_QUERY = 100  # signs
WORD = re.compile(r"[^\W_]+(?:\.[0-9]+)*")  # a number of a section is one word


@dataclass(frozen=True)
class Clause:
    """One clause: its key as it is cited, the document, and what it says in our own words."""

    key: str
    document: Document
    gist_en: str
    gist_fr: str

    @property
    def gist(self) -> str:
        return in_language(self.gist_en, self.gist_fr)

    @property
    def anchor(self) -> str:
        return anchor_of(self.key)


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
        "§2",
        "General objectives: clear guidance and a framework for liaison, no duplication, respect for the principles, "
        "for access and for humanitarian space.",
        "Objectifs généraux : des orientations claires et un cadre de liaison, pas de doubles emplois, respect des "
        "principes, de l’accès et de l’espace humanitaire.",
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
        "§9.1",
        "Whether MINUSCA may use humanitarian assets is decided case by case.",
        "L’utilisation de moyens humanitaires par la MINUSCA se décide au cas par cas.",
    ),
    (
        CAR,
        "§9.2",
        "If the aim is humanitarian, the Humanitarian Coordinator has to validate it.",
        "Si le but est humanitaire, la validation du Coordonnateur humanitaire est requise.",
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
        "§9.4",
        "Quick impact projects are neither humanitarian aid nor long-term development.",
        "Les projets à impact rapide ne sont ni de l’aide humanitaire ni du développement à long terme.",
    ),
    (
        CAR,
        "§9.5",
        "They must neither duplicate nor harm humanitarian action.",
        "Ils ne doivent ni répéter l’action humanitaire ni lui nuire.",
    ),
    (
        CAR,
        "§9.6",
        "Those that build infrastructure follow the rules of peacekeeping operations and of MINUSCA.",
        "Ceux qui portent sur des infrastructures suivent les règles des opérations de maintien de la paix et de la "
        "MINUSCA.",
    ),
    (
        CAR,
        "§9.7",
        "Civil affairs of the force are not humanitarian action and are closely coordinated with civil-military "
        "coordination.",
        "Les activités civilo-militaires de la Force ne sont pas de l’action humanitaire et se font en étroite "
        "coordination.",
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
        CAR,
        "§11",
        "Contacts by duty station.",
        "Contacts par lieu d’affectation.",
    ),
    (
        CAR,
        "§12",
        "Courses on civil-military coordination that can be followed online.",
        "Formations à la coordination civilo-militaire qui se suivent en ligne.",
    ),
    (
        MALI,
        "¶1",
        "Many armed actors share the operational environment since January 2013.",
        "De nombreux acteurs armés partagent l’environnement opérationnel depuis janvier 2013.",
    ),
    (
        MALI,
        "¶2",
        "The position was agreed within the country team by a participatory way; it completes the code of conduct of "
        "2012.",
        "La position a été convenue au sein de l’équipe humanitaire pays de façon participative ; elle complète le "
        "code de conduite de 2012.",
    ),
    (
        MALI,
        "¶3",
        "Military action serves a political aim; aid follows needs and is neutral, impartial and independent.",
        "L’action militaire sert un but politique ; l’aide suit les besoins et reste neutre, impartiale et "
        "indépendante.",
    ),
    (
        MALI,
        "¶4",
        "The strategy is coexistence: the military do not take part in humanitarian or cluster meetings; the cell in "
        "Bamako keeps the minimum of liaison.",
        "La stratégie est la coexistence : les militaires ne participent pas aux réunions humanitaires ou de cluster "
        "; la cellule de Bamako assure la liaison minimale.",
    ),
    (
        MALI,
        "¶5",
        "Distinction: no military goods or personnel are carried, nobody may impose it, and neither side passes "
        "itself off as the other.",
        "Distinction : ni biens ni personnel militaires ne sont transportés, personne ne peut l’imposer, et nul ne "
        "se fait passer pour l’autre.",
    ),
    (
        MALI,
        "¶6",
        "Escorts are not foreseen; alternatives come first. An exception needs a joint, consensual and open decision "
        "of the country team, never one organisation alone and never an order from outside.",
        "Les escortes ne sont pas prévues ; les alternatives d’abord. Une exception demande une décision commune, "
        "consensuelle et transparente de l’équipe humanitaire pays, jamais d’une seule organisation et jamais "
        "imposée.",
    ),
    (
        MALI,
        "¶7",
        "Assets of belligerents, or of armed actors engaged in combat in Mali, do not support humanitarian activities.",
        "Les moyens des belligérants, ou d’acteurs armés engagés dans des combats au Mali, ne servent pas d’appui "
        "aux activités humanitaires.",
    ),
    (
        MALI,
        "¶8",
        "All parties have to ensure the safety of aid workers and safe, unhindered access.",
        "Toutes les parties doivent assurer la sécurité du personnel humanitaire et un accès sûr et sans entrave.",
    ),
    (
        MALI_COORDINATION,
        "§1",
        "OCHA supports the Humanitarian Coordinator and the country team, chairs the meetings between clusters and "
        "is present in Mopti, Tombouctou and Gao.",
        "OCHA appuie le Coordonnateur humanitaire et l’équipe humanitaire pays, préside les réunions inter-clusters "
        "et est présent à Mopti, Tombouctou et Gao.",
    ),
    (
        MALI_COORDINATION,
        "§2",
        "Five tasks of civil-military coordination, and a cell of the forces, UNDSS, WFP and OCHA for regular "
        "liaison and deconfliction.",
        "Cinq tâches de la coordination civilo-militaire, et une cellule des forces, d’UNDSS, du PAM et d’OCHA pour "
        "la liaison régulière et la déconfliction.",
    ),
    (
        MALI_ACCESS,
        "§1",
        "What the access working group produces would weigh more if it reached the inter-cluster group and the "
        "country team.",
        "Les produits du groupe de travail sur l’accès pèseraient plus s’ils atteignaient l’inter-cluster et "
        "l’équipe humanitaire pays.",
    ),
    (
        MALI_ACCESS,
        "§2",
        "Without coordinated positions and red lines, costly compromises were made; practices need the endorsement "
        "of the country team.",
        "Sans positions coordonnées ni lignes rouges, des compromis coûteux ont été faits ; les pratiques demandent "
        "l’aval de l’équipe humanitaire pays.",
    ),
    (
        MALI_ACCESS,
        "§3",
        "A group without a clear focus and means sees its subjects drift to other platforms.",
        "Un groupe sans mandat clair ni moyens voit ses sujets partir vers d’autres plateformes.",
    ),
    (
        MALI_PROTECTION,
        "§1",
        "Context of the crisis and of the actors who are present.",
        "Contexte de la crise et des acteurs présents.",
    ),
    (
        MALI_PROTECTION,
        "§2",
        "Who is exposed, and what the alerts and the monitoring show.",
        "Qui est exposé, et ce que montrent les alertes et le suivi.",
    ),
    (
        MALI_PROTECTION,
        "§3",
        "What is being done, flash reports and the exchange with the mission included.",
        "Ce qui est fait, y compris les rapports flash et l’échange avec la mission.",
    ),
    (
        MALI_PROTECTION,
        "§4",
        "Axes and outcomes, with a work plan that is reviewed at least twice a year.",
        "Axes et résultats, avec un plan de travail revu au moins deux fois par an.",
    ),
    (
        RESOLUTION,
        "¶16",
        "All parties in Mali take steps for the safety of humanitarian personnel and supplies and allow safe, "
        "unhindered access.",
        "Toutes les parties au Mali prennent des mesures pour la sécurité du personnel et des secours et permettent "
        "un accès sûr et sans entrave.",
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
    (
        ASSETS,
        "Key concepts",
        "Section “Key concepts for use of military and civil defence resources”.",
        "Section « Notions essentielles du recours à ces ressources ».",
    ),
    (
        ASSETS,
        "Avoiding reliance",
        "Section “Avoiding reliance on military resources”.",
        "Section « Éviter de dépendre des ressources militaires ».",
    ),
    (
        ASSETS,
        "When to use",
        "Section “When to use military and civil defence resources”.",
        "Section « Quand recourir à ces ressources ».",
    ),
    (
        ASSETS,
        "Operational standards",
        "Section “Operational standards”.",
        "Section « Normes opérationnelles ».",
    ),
]

CLAUSES: dict[str, Clause] = {
    f"{document.code} {section}": Clause(f"{document.code} {section}", document, english, french)
    for document, section, english, french in _TABLE
}


def anchor_of(key: str) -> str:
    """The name of a clause within the page: "CAR-CMC §8.1" → "car-cmc-8-1"."""
    return slugify(key.replace("§", "").replace("¶", "").replace(".", "-"))


def url_of(key: str) -> str:
    """Where a cited clause, or a document cited as a whole, is explained; the page itself for a key without a line."""
    page = reverse("guidance:clauses")
    return f"{page}#{anchor_of(key)}" if source_of(key) else page


def source_of(key: str) -> Document | None:
    """The document that a citation names, by one of its clauses or as a whole."""
    return CLAUSES[key].document if key in CLAUSES else BY_CODE.get(key)


def cited_in(citation: str, country: str) -> str:
    """Of the clauses on which a rule rests, the one that counts in a country: its own text first, else one that holds
    everywhere. "" when none does.
    """
    keys = [key for key, source in _sources(citation) if source.holds_in(country)]
    return next((key for key in keys if not _holds_everywhere(key)), keys[0] if keys else "")


def compared_with(citation: str, country: str) -> list[str]:
    """What the texts of other countries have on the same matter, for comparison only."""
    return [key for key, source in _sources(citation) if not source.holds_in(country)]


def _sources(citation: str) -> list[tuple[str, Document]]:
    found = ((key, source_of(key)) for key in citation.split(", "))
    return [(key, source) for key, source in found if source]


def _holds_everywhere(key: str) -> bool:
    source = source_of(key)
    return source is not None and not source.countries


def of_document(document: Document) -> list[Clause]:
    return [clause for clause in CLAUSES.values() if clause.document == document]


def find(words: str) -> list[tuple[Document, list[Clause]]]:
    """Documents with the clauses in which each of these words begins a word, in either language, accents aside.

    A document whose code or title holds them all comes with all its clauses. Without words: everything.
    """
    wanted = _words(words)
    found = []
    for document in DOCUMENTS:
        clauses = of_document(document)
        titles = sum(document.titles, ())
        if not _holds(wanted, document.code, document.title_en, document.title_fr, *titles):
            clauses = [clause for clause in clauses if _holds(wanted, clause.key, clause.gist_en, clause.gist_fr)]
            if not clauses:
                continue
        found.append((document, clauses))
    return found


def _words(text: str) -> list[str]:
    return WORD.findall(folded(text[:LONGEST_QUERY]))


def _holds(wanted: list[str], *texts: str) -> bool:
    words = WORD.findall(folded(" ".join(texts)))
    return all(any(word.startswith(piece) for word in words) for piece in wanted)

"""Which guidelines does the portal know, from when, signed by whom, and whose text is missing?

A document whose text nobody could read yet stands here with its title and says so: it has no clause. Of the
international guidelines only section titles are known, so that nothing here has a paragraph number of theirs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

REVIEW_AFTER = dt.timedelta(days=3 * 365)  # a guideline of this age asks to be looked at again (domain.md §8, 1-1)

WHOLE, SECTIONS, TITLES, MISSING = "whole", "sections", "titles", "missing"
TEXTS = {
    WHOLE: _("Text known"),
    SECTIONS: _("Sections known from a summary"),
    TITLES: _("Section titles only"),
    MISSING: _("File missing"),
}
PUBLISHED = {
    ("en", "fr"): _("English and French"),
    ("en",): _("English only"),
    ("fr",): _("French only"),
}


@dataclass(frozen=True)
class Document:
    """A guideline as the library shows it.

    `countries` empty: it holds everywhere. `languages`: those in which it was published. `text`: how much of it could
    be read. `version` is what an organisation confirms to have read. `titles`: section titles that are known to exist.
    """

    code: str
    title_en: str
    title_fr: str
    date_en: str
    date_fr: str
    version: str
    languages: tuple[str, ...]
    text: str
    countries: tuple[str, ...] = ()
    in_force_from: dt.date | None = None
    in_force_to: dt.date | None = None
    signatories_en: tuple[str, ...] = ()
    signatories_fr: tuple[str, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    note_en: str = ""
    note_fr: str = ""

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_fr)

    @property
    def date(self) -> str:
        return in_language(self.date_en, self.date_fr)

    @property
    def note(self) -> str:
        return in_language(self.note_en, self.note_fr)

    @property
    def signatories(self) -> tuple[str, ...]:
        return in_language(self.signatories_en, self.signatories_fr)

    @property
    def sections(self) -> list[str]:
        return [in_language(english, french) for english, french in self.titles]

    @property
    def state(self) -> str:
        return str(TEXTS[self.text])

    @property
    def spoken(self) -> str:
        """In which languages it was published."""
        return str(PUBLISHED[self.languages])

    @property
    def is_missing(self) -> bool:
        return self.text == MISSING

    @property
    def anchor(self) -> str:
        return self.code.lower()

    def is_over(self, today: dt.date) -> bool:
        return self.in_force_to is not None and self.in_force_to < today

    def asks_for_review(self, today: dt.date) -> bool:
        """In force for more than three years without an end: somebody should say that it still holds."""
        return (
            bool(self.countries)
            and self.in_force_from is not None
            and not self.is_over(today)
            and today - self.in_force_from > REVIEW_AFTER
        )

    def holds_in(self, country: str) -> bool:
        """Is it of this country, or of all?"""
        return not self.countries or country in self.countries


def in_language(english, french):
    return french if (get_language() or "en").startswith("fr") else english


CAR = Document(
    code="CAR-CMC",
    title_en="Civil-military coordination in the Central African Republic: the flyer on the guidelines",
    title_fr="Coordination civilo-militaire en République centrafricaine : le dépliant sur les lignes directrices",
    date_en="flyer of August 2020 on the guidelines of 3 October 2017",
    date_fr="dépliant d’août 2020 sur les lignes directrices du 3 octobre 2017",
    version="2020-08",
    languages=("en",),
    text=SECTIONS,
    countries=("CAF",),
    in_force_from=dt.date(2017, 10, 3),
    signatories_en=(
        "Special Representative of the Secretary-General",
        "Force Commander of MINUSCA",
        "Humanitarian Coordinator",
    ),
    signatories_fr=(
        "Représentant spécial du Secrétaire général",
        "Commandant de la Force de la MINUSCA",
        "Coordonnateur humanitaire",
    ),
    note_en="Section numbers are those of the flyer; the guidelines themselves may number otherwise.",
    note_fr="Les numéros de section sont ceux du dépliant ; les lignes directrices peuvent numéroter autrement.",
)
CAR_WHOLE = Document(
    code="CAR-2017",
    title_en="Guidelines for civil-military coordination in the Central African Republic, full text",
    title_fr="Lignes directrices de la coordination civilo-militaire en République centrafricaine, texte intégral",
    date_en="3 October 2017",
    date_fr="3 octobre 2017",
    version="2017-10-03",
    languages=("en", "fr"),
    text=MISSING,
    countries=("CAF",),
    in_force_from=dt.date(2017, 10, 3),
    signatories_en=CAR.signatories_en,
    signatories_fr=CAR.signatories_fr,
    note_en="The text is to be obtained. The portal rests on the flyer.",
    note_fr="Le texte est à obtenir. Le portail s’appuie sur le dépliant.",
)
MALI = Document(
    code="ML-POS",
    title_en="Position of the Humanitarian Country Team on the interaction with armed forces present in Mali",
    title_fr="Position de l’équipe humanitaire pays sur l’interaction avec les forces armées présentes au Mali",
    date_en="2013, after the international guidelines on escorts of February 2013",
    date_fr="2013, après les directives internationales sur les escortes de février 2013",
    version="2013",
    languages=("en",),
    text=WHOLE,
    countries=("MLI",),
    signatories_en=("Humanitarian Country Team, Mali",),
    signatories_fr=("Équipe humanitaire pays, Mali",),
    note_en="The document bears no date and does not number its paragraphs; they are counted from its first.",
    note_fr="Le document ne porte ni date ni numéros de paragraphe ; ils sont comptés à partir du premier.",
)
MALI_CODE = Document(
    code="ML-CODE",
    title_en="Code of conduct for humanitarian assistance, Mali",
    title_fr="Code de conduite pour l’opérationnalisation de l’assistance humanitaire, Mali",
    date_en="17 July 2012",
    date_fr="17 juillet 2012",
    version="2012-07-17",
    languages=("fr",),
    text=MISSING,
    countries=("MLI",),
    in_force_from=dt.date(2012, 7, 17),
    signatories_en=("Humanitarian Country Team, Mali",),
    signatories_fr=("Équipe humanitaire pays, Mali",),
    note_en="An annex of the position of the country team, which completes it. The text is to be obtained.",
    note_fr="Annexe de la position de l’équipe humanitaire pays, qui la complète. Le texte est à obtenir.",
)
MALI_ASSETS = Document(
    code="ML-MCDA",
    title_en="Guidance on the use of foreign military and civil defence assets in Mali",
    title_fr="Orientations sur le recours aux ressources militaires et de protection civile étrangères au Mali",
    date_en="1 February 2013",
    date_fr="1er février 2013",
    version="2013-02-01",
    languages=("en",),
    text=MISSING,
    countries=("MLI",),
    in_force_from=dt.date(2013, 2, 1),
    signatories_en=("OCHA",),
    signatories_fr=("OCHA",),
    note_en="Referred to by the position of the country team. The text is to be obtained.",
    note_fr="Citées par la position de l’équipe humanitaire pays. Le texte est à obtenir.",
)
MALI_COORDINATION = Document(
    code="ML-COORD",
    title_en="OCHA Mali: structure of coordination",
    title_fr="OCHA Mali : structure de la coordination",
    date_en="undated, after January 2013",
    date_fr="sans date, après janvier 2013",
    version="2013",
    languages=("fr",),
    text=WHOLE,
    countries=("MLI",),
    signatories_en=("OCHA Mali",),
    signatories_fr=("OCHA Mali",),
)
MALI_ACCESS = Document(
    code="ML-HAWG",
    title_en="Enabling access coordination: the role of the Mali working group",
    title_fr="Favoriser la coordination de l’accès : le rôle du groupe de travail au Mali",
    date_en="2022, summary of a case study",
    date_fr="2022, résumé d’une étude de cas",
    version="2022",
    languages=("en", "fr"),
    text=SECTIONS,
    countries=("MLI",),
    note_en="A study of the access working group and no rule; the report itself is to be obtained.",
    note_fr="Une étude sur le groupe de travail sur l’accès, pas une règle ; le rapport est à obtenir.",
)
MALI_PROTECTION = Document(
    code="ML-PS",
    title_en="Protection strategy of the Humanitarian Country Team, Mali, 2020 to 2022",
    title_fr="Stratégie de protection de l’équipe humanitaire pays, Mali, 2020 à 2022",
    date_en="2020",
    date_fr="2020",
    version="2020",
    languages=("fr",),
    text=WHOLE,
    countries=("MLI",),
    in_force_from=dt.date(2020, 1, 1),
    in_force_to=dt.date(2022, 12, 31),
    signatories_en=("Humanitarian Country Team, Mali",),
    signatories_fr=("Équipe humanitaire pays, Mali",),
)
IASC = Document(
    code="IASC-AE",
    title_en="IASC Non-Binding Guidelines on the Use of Armed Escorts for Humanitarian Convoys",
    title_fr="Directives non contraignantes de l’IASC sur le recours aux escortes armées pour les convois humanitaires",
    date_en="27 February 2013",
    date_fr="27 février 2013",
    version="2013-02-27",
    languages=("en",),
    text=TITLES,
    in_force_from=dt.date(2013, 2, 27),
    signatories_en=("Inter-Agency Standing Committee",),
    signatories_fr=("Comité permanent interorganisations (IASC)",),
    note_en="Cited by section title: read the paragraph in the document itself.",
    note_fr="Citées par titre de section : lisez le paragraphe dans le document lui-même.",
)
IASC_REFERENCE = Document(
    code="IASC-2004",
    title_en="Civil-Military Relationship in Complex Emergencies: an IASC Reference Paper",
    title_fr="Relations entre civils et militaires dans les situations d’urgence complexes : document de référence",
    date_en="2004",
    date_fr="2004",
    version="2004",
    languages=("en",),
    text=MISSING,
    signatories_en=("Inter-Agency Standing Committee",),
    signatories_fr=("Comité permanent interorganisations (IASC)",),
    note_en="Source of the definition of coexistence. The text is to be obtained.",
    note_fr="Source de la définition de la coexistence. Le texte est à obtenir.",
)
ASSETS = Document(
    code="MCDA-2006",
    title_en="Guidelines on the Use of Military and Civil Defence Assets in Complex Emergencies, revision 1",
    title_fr="Directives sur l’utilisation des ressources militaires et de la protection civile, révision 1",
    date_en="January 2006",
    date_fr="janvier 2006",
    version="2006-01",
    languages=("en",),
    text=TITLES,
    titles=(
        (
            "Key concepts for use of military and civil defence resources",
            "Notions essentielles du recours à ces ressources",
        ),
        ("Avoiding reliance on military resources", "Éviter de dépendre des ressources militaires"),
        ("When to use military and civil defence resources", "Quand recourir à ces ressources"),
        ("Operational standards", "Normes opérationnelles"),
    ),
    note_en="The titles come from a table of contents; the paragraphs are to be read in the document itself.",
    note_fr="Les titres viennent d’une table des matières ; les paragraphes sont à lire dans le document lui-même.",
)
RESOLUTION = Document(
    code="SCR-2085",
    title_en="Resolution 2085 of the Security Council",
    title_fr="Résolution 2085 du Conseil de sécurité",
    date_en="20 December 2012",
    date_fr="20 décembre 2012",
    version="2012-12-20",
    languages=("en", "fr"),
    text=SECTIONS,
    countries=("MLI",),
    in_force_from=dt.date(2012, 12, 20),
    signatories_en=("Security Council",),
    signatories_fr=("Conseil de sécurité",),
    note_en="Paragraph 16 as the position of the country team quotes it.",
    note_fr="Paragraphe 16 tel que le cite la position de l’équipe humanitaire pays.",
)

DOCUMENTS = (
    CAR,
    CAR_WHOLE,
    MALI,
    MALI_CODE,
    MALI_ASSETS,
    MALI_COORDINATION,
    MALI_ACCESS,
    MALI_PROTECTION,
    RESOLUTION,
    IASC,
    IASC_REFERENCE,
    ASSETS,
)
BY_CODE = {document.code: document for document in DOCUMENTS}

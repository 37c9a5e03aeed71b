"""On which clauses does a rule rest? The text of each country first, then one that holds everywhere.

A question, a finding and a refusal cite the clause of the country of their request (guidance.clauses.cited_in): a
request in Mali never quotes the guidelines of the Central African Republic, and a country without a text of its own
gets the international ones, which are known by their section titles alone.
"""

from __future__ import annotations

NEED = "CAR-CMC §8.4, ML-POS ¶3, MCDA-2006 Key concepts"
LAST_RESORT = "CAR-CMC §8.1, MCDA-2006 When to use"  # of an asset
ALTERNATIVES = "CAR-CMC §8.1, ML-POS ¶6, IASC-AE §IV"  # to an escort
PATROL = "CAR-CMC §5, ML-POS ¶6, IASC-AE §IV"
CONSULTED = "CAR-CMC §5, ML-POS ¶6, MCDA-2006 Key concepts"
HUMANITARIAN_ONLY = "CAR-CMC §8.2, ML-POS ¶5, MCDA-2006 Key concepts"
CIVILIAN = "CAR-CMC §8.3, ML-POS ¶5, MCDA-2006 Operational standards"
OWN_DECISION = "CAR-CMC §8.5, ML-POS ¶6, MCDA-2006 Key concepts"
LIMITED = "CAR-CMC §8.6, MCDA-2006 Key concepts"
ENDS = "CAR-CMC §8.6, MCDA-2006 Avoiding reliance"
SIGNED = "CAR-CMC §8.7, ML-POS ¶6, MCDA-2006 Key concepts"
NO_ARMS = "CAR-CMC §9.3, ML-POS ¶5, MCDA-2006 Operational standards"
PROVIDER = "CAR-CMC §4, ML-POS ¶7, MCDA-2006 Operational standards"
BELLIGERENT = "ML-POS ¶7, IASC-2004"
NO_HARM = "CAR-CMC §6, ML-POS ¶6, MCDA-2006 Key concepts"
DISTINCTION = "CAR-CMC §6, ML-POS ¶5, MCDA-2006 Operational standards"
CONSENT = "CAR-CMC §7, ML-POS ¶4, MCDA-2006 Operational standards"
APART = "CAR-CMC §7, ML-POS ¶5, MCDA-2006 Operational standards"
INDEPENDENT = "CAR-CMC §7, ML-POS ¶6, MCDA-2006 Key concepts"
SUPPORT = "CAR-CMC §3, MCDA-2006 Key concepts"
COMMON_POSITION = "ML-POS ¶6, IASC-AE §V.3"

# Why an approval carries a condition, by its code (models.Condition); of the others no text speaks.
CONDITIONS: dict[str, str] = {
    "area_only": LIMITED,
    "window_only": LIMITED,
    "cargo_manifest": HUMANITARIAN_ONLY,
    "no_arms_on_board": NO_ARMS,
    "marked_apart": DISTINCTION,
    "separate_radio": APART,
    "no_presence": CIVILIAN,
    "no_publicity": DISTINCTION,
    "no_intelligence": DISTINCTION,
    "leader_stops": "IASC-AE §VII",
    "leaves_at": "IASC-AE §VII",
    "notify_communities": "IASC-AE §VI",
    "review_after_use": "IASC-AE §VIII",
    "report_in_7_days": "CAR-CMC §6, IASC-AE §VIII",
}

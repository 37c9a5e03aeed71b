"""What does the directory of a country look like with 100,000 people in it? Written by the database itself.

Only for `manage.py bench` and its throw-away PostgreSQL. Names are made up of syllables.
"""

from __future__ import annotations

from django.db import connection, transaction

from cmcoord.management.bench.data import SYLLABLES
from contacts import services

PEOPLE = 100_000
# Of the prefix more names than are counted; a force reads so many of them that a page is full in a small directory too.
WORDS = {"rare": "quinquina", "common": "officer", "none": "xylophone", "prefix": "kab", "misspelt": "quinqiuna"}
RARE_HITS = 12
STEPS = (
    """
INSERT INTO contacts_person (name, folded_name, languages, answered_at, source, created_at, salt,
                             share_humanitarians, share_force, share_public)
SELECT n.name, n.name, '["fr"]', now(), '', now(), md5(g::text), true, g %% 5 = 0, g %% 20 = 0
FROM generate_series(1, %(people)s) AS g,
LATERAL (SELECT CASE WHEN g %% %(every)s = 0 THEN 'marie quinquina'
         ELSE pg_temp.word(g, 1) || ' ' || pg_temp.word(g, 2) END AS name) AS n
""",
    """
INSERT INTO contacts_telephone (person_id, number, kind, day_and_night, whatsapp, salt,
                                share_humanitarians, share_force, share_public)
SELECT id, '+236' || 70000000 + id %% 9999999, 'mobile', id %% 7 = 0, false, md5(id::text), true, id %% 5 = 0, false
FROM contacts_person
""",
    """
INSERT INTO contacts_post (organisation_id, country_id, station_id, function, roles, mailbox, duty_telephone, source,
                           remark, search_text, created_by_id, created_at, share_humanitarians, share_force,
                           share_public)
SELECT o.id, 'CAF', s.id, f.function, CASE WHEN p.n %% 50 = 0 THEN '["logistics"]' ELSE '[]' END::jsonb, '', '', '', '',
       left(lower(f.function || ' ' || o.acronym || ' ' || o.name || ' ' || s.name), 500), %(by)s, now(),
       true, false, false
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM contacts_person) AS p
JOIN (SELECT id, acronym, name, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS all_of
      FROM accounts_organisation) AS o ON o.n = 1 + p.n %% o.all_of
JOIN (SELECT id, name, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS all_of
      FROM places_dutystation WHERE country_id = 'CAF') AS s ON s.n = 1 + p.n %% s.all_of,
LATERAL (SELECT CASE WHEN p.n %% 3 = 0 THEN 'Logistics officer ' ELSE 'Adviser ' END || p.n AS function) AS f
""",
    # Of a thousand posts three stand empty, and ten of those who are in one were not confirmed for long.
    """
INSERT INTO contacts_holding (post_id, country_id, person_id, capacity, starts, ends, left_at, confirmed_at,
                              recorded_by_id, recorded_at, verified_by_id, verified_at)
SELECT q.id, 'CAF', p.id, 'holder', current_date - 120, CASE WHEN gone THEN current_date - 9 END,
       CASE WHEN gone THEN now() - interval '9 days' END,
       now() - CASE WHEN p.n %% 100 = 7 THEN 100 ELSE 20 END * interval '1 day', %(by)s, now() - interval '40 days',
       CASE WHEN p.n %% 100 > 0 THEN %(by)s END, CASE WHEN p.n %% 100 > 0 THEN now() - interval '30 days' END
FROM (SELECT id, n, n %% 1000 IN (111, 444, 777) AS gone
      FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM contacts_person) AS numbered) AS p
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM contacts_post) AS q ON q.n = p.n
""",
    """
UPDATE contacts_post SET held_from = h.starts, held_until = h.ends
FROM contacts_holding AS h WHERE h.post_id = contacts_post.id AND h.left_at IS NULL
""",
)
WORD = """
CREATE FUNCTION pg_temp.word(g int, part int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT string_agg((string_to_array('{syllables}', ' '))[1 + (hashint4(g * 7 + part * 31 + i) & 1023) %% {count}], '')
FROM generate_series(1, 2 + part) AS i $$
"""


def contact_list(rows: int) -> bytes:
    """A file of so many people whom the directory does not know, as OCHA sends it."""
    head = "Duty station;Organisation;Name;Function;Telephones;E-mail;From"
    lines = (
        f"Bria;OCHA;Nouveau Nom{number:05d};Poste {number:05d};"
        f"+2367{5_000_000 + number};nom{number:05d}@example.org;2026-03-01"
        for number in range(rows)
    )
    return "\n".join((head, *lines)).encode()


def make_directory(people: int, *, by: int) -> None:
    """So many people, each in a post of their own, with a telephone."""
    facts = {"people": people, "every": max(20, people // RARE_HITS), "by": by}
    word = WORD.format(syllables=SYLLABLES, count=len(SYLLABLES.split())).replace("%%", "%")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(word)
        for step in STEPS:
            cursor.execute(step, facts)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL ANALYZE contacts_post")  # each was written twice
        cursor.execute("VACUUM ANALYZE contacts_person, contacts_holding, contacts_telephone")
    services.count_contacts()

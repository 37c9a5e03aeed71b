"""What do two years of cells look like: about 1,500 meetings and 20,000 action points? Written by the database itself.

Only for `manage.py bench` and its throw-away PostgreSQL.
"""

from __future__ import annotations

from django.db import connection, transaction

from contacts.reference_bodies import load_bodies

WEEKS = 104
# Raised at a meeting: ten points of the table, four of one side.
POINTS_OF = """
INSERT INTO meetings_{table} (body_id, number, reference, meeting_id, words, owner_organisation_id, due, due_raised,
                              priority, needs_evidence, needs_check, status, closing_comment, closed_by_id, closed_at,
                              raised_by_id, raised_at)
SELECT n.body_id, n.number, upper(d.code) || '-{mark}' || n.number, n.meeting_id,
       'Share the state of the road ' || n.number, o.id, n.day + 14, n.day + 14, 'normal', false, false,
       CASE WHEN n.is_open THEN 'open' ELSE 'done' END, CASE WHEN n.is_open THEN '' ELSE 'Done.' END,
       CASE WHEN n.is_open THEN NULL ELSE %(by)s END, CASE WHEN n.is_open THEN NULL ELSE n.at + interval '9 days' END,
       %(by)s, n.at
FROM (SELECT m.id AS meeting_id, m.body_id, m.starts::date AS day, m.starts AS at,
             row_number() OVER (PARTITION BY m.body_id ORDER BY m.starts, k) AS number,
             m.starts > now() - interval '30 days' AND k < 5 AS is_open
      FROM meetings_meeting AS m, generate_series(1, {count}) AS k WHERE m.starts < now()) AS n
JOIN contacts_body AS b ON b.id = n.body_id
JOIN places_dutystation AS d ON d.id = b.station_id
JOIN accounts_organisation AS o ON o.acronym = CASE WHEN '{mark}' = '' AND n.number %% 3 = 0 THEN
     CASE b.country_id WHEN 'CAF' THEN 'MINUSCA' ELSE 'FAMa' END WHEN n.number %% 3 = 1 THEN 'WFP' ELSE 'OCHA' END
"""
STEPS = (
    """
INSERT INTO contacts_sitting (seat_id, organisation_id, designate_reason, starts, recorded_by_id, recorded_at)
SELECT s.id, o.id, '', current_date - 900, %(by)s, now()
FROM contacts_seat AS s
JOIN contacts_body AS b ON b.id = s.body_id AND b.kind = 'cell' AND s.closed_at IS NULL
JOIN accounts_organisation AS o ON o.acronym = CASE
    WHEN s.kind = 'chair' THEN 'OCHA'
    WHEN s.kind = 'co_chair' THEN CASE b.country_id WHEN 'CAF' THEN 'MINUSCA' ELSE 'FAMa' END
    WHEN s.category = 'undss' THEN 'UNDSS' WHEN s.category = 'un_agency' THEN 'WFP' END
""",
    """
INSERT INTO meetings_meeting (uid, body_id, occurrence, kind, starts, ends, zone, modality, place, venue, venue_reason,
                              call_link, languages, stage, not_held_reason, not_held_note, sequence, by_hand,
                              created_by_id, created_at)
SELECT gen_random_uuid(), b.id, NULL, 'regular', t.starts, t.starts + interval '2 hours', 'Africa/Bangui', 'in_person',
       'Community hall', 'neutral', '', '', '["fr"]',
       CASE WHEN w < 0 THEN 'planned' WHEN w %% 13 = 5 THEN 'not_held' ELSE 'held' END,
       CASE WHEN w >= 0 AND w %% 13 = 5 THEN 'security' ELSE '' END, '', 0, false, %(by)s, t.starts
FROM contacts_body AS b, generate_series(-3, %(weeks)s) AS w,
LATERAL (SELECT date_trunc('day', now()) - w * interval '7 days' - interval '1 day' + interval '9 hours'
                + b.id %% 5 * interval '1 hour' AS starts) AS t
WHERE b.kind = 'cell'
""",
    """
INSERT INTO meetings_attendance (meeting_id, organisation_id, organisation_text, category, name, email, presence, mode,
                                 as_observer, recorded_by_id, recorded_at)
SELECT m.id, i.organisation_id, '', s.category, '', '', 'present', 'in_person', false, %(by)s, m.ends
FROM meetings_meeting AS m
JOIN contacts_seat AS s ON s.body_id = m.body_id
JOIN contacts_sitting AS i ON i.seat_id = s.id AND i.ends IS NULL
WHERE m.stage = 'held'
ON CONFLICT DO NOTHING
""",
    *(
        POINTS_OF.replace("{table}", table).replace("{mark}", mark).replace("{count}", str(count))
        for table, mark, count in (("actionpoint", "", 10), ("internalpoint", "H", 4))
    ),
    """
INSERT INTO meetings_liaisoncontact (body_id, organisation_id, with_whom, means, subject, follow_up, settled_words,
                                     by_id, at)
SELECT m.body_id, o.id, 'G3', 'telephone', 'State of the road', '', '', %(by)s, m.starts - k * interval '1 day'
FROM meetings_meeting AS m, accounts_organisation AS o, generate_series(1, 5) AS k
WHERE o.acronym = 'MINUSCA' AND m.starts < now()
""",
    "UPDATE contacts_body SET cadence = '{\"every\": \"week\"}'::jsonb WHERE kind = 'cell'",
)


def make_meetings(weeks: int, *, by: int) -> int:
    """So many weeks of every cell; how many points that makes."""
    load_bodies()
    with transaction.atomic(), connection.cursor() as cursor:
        for step in STEPS:
            cursor.execute(step, {"weeks": weeks, "by": by})
        cursor.execute(
            "SELECT (SELECT count(*) FROM meetings_actionpoint) + (SELECT count(*) FROM meetings_internalpoint)"
        )
        points = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE meetings_meeting, meetings_attendance, meetings_actionpoint, meetings_internalpoint, "
            "meetings_liaisoncontact, contacts_sitting"
        )
    return points

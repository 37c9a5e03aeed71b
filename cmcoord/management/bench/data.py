"""What does a portal look like after some years? Requests in bulk, written by the database itself, nearly all ended.
One in ten is restricted.

Only for `manage.py bench` and its throw-away PostgreSQL: rows are written without the services, and without the checks
of foreign keys while they are written.
"""

from __future__ import annotations

from django.db import connection, transaction

OPEN_CASES = 500
COMMON_WORD, RARE_WORD, NO_WORD, PREFIX = "vivres", "quinquina", "xylophone", "viv"
RARE_HITS = 12
# Of a hundred ended requests; of the open ones, by their weight.
ENDED = {"closed": 70, "civilian": 8, "expired": 6, "withdrawn": 5, "denied": 4, "cancelled": 4, "unreceivable": 3}
OPEN = {
    "draft": 12, "submitted": 8, "reviewing": 8, "returned": 6, "clearing": 8, "deciding": 8, "approved": 6,
    "transmitted": 6, "acknowledged": 4, "accepted": 4, "limited": 3, "declined": 2, "countered": 2, "scheduled": 7,
    "underway": 6, "completed": 2, "reporting": 6, "suspended": 2,
}  # fmt: skip
FORWARDED = (
    "deciding", "approved", "transmitted", "acknowledged", "accepted", "limited", "declined", "countered", "scheduled",
    "underway", "completed", "reporting", "suspended", "closed", "denied", "cancelled",
)  # fmt: skip
DECIDED = tuple(status for status in FORWARDED if status not in ("deciding",))
TRANSMITTED = tuple(status for status in DECIDED if status not in ("approved", "denied"))
SYLLABLES = (
    "ba be bi bo bu da de di do du ga go gu ka ki ko la le li lo ma me mi mo na ne no pa pe ra re ri sa se ta to"
)

# Numbers of the years: who, where, what. `big` files half of everything, so that one reader has half of all.
PLAN = """
CREATE TEMP TABLE plan AS
SELECT g AS i, %(first)s + g AS id,
       g > %(cases)s - %(open)s AS is_open,
       now() - make_interval(secs => (%(cases)s - g) * %(span)s::float / %(cases)s + 60) AS created_at,
       CASE WHEN random() < 0.5 THEN 1 ELSE 2 + floor(random() * (%(orgs)s - 1))::int END AS org,
       1 + floor(random() ^ 2 * %(stations)s)::int AS st,
       1 + floor(random() * %(stations)s)::int AS st_from,
       1 + floor(random() * %(stations)s)::int AS st_to,
       1 + floor(random() * %(axes)s)::int AS ax,
       random() AS chance, random() AS urgent, random() AS un, random() AS words
FROM generate_series(1, %(cases)s) AS g
"""
STATUS = """
ALTER TABLE plan ADD COLUMN status varchar(16);
UPDATE plan SET status = (SELECT w.status FROM weights w WHERE w.is_open = plan.is_open AND plan.chance < w.upto
                          ORDER BY w.upto LIMIT 1);
CREATE UNIQUE INDEX ON plan (i);
ANALYZE plan
"""
CASES = """
INSERT INTO requests_app_case (
    id, reference, force_reference, client_key, country_id, profile_id, request_type, status, sensitivity, version,
    station_id, origin_station_id, destination_station_id, organisation_id, created_by_id, created_at, updated_at,
    language, urgency, need, people, critical_by, origin_id, destination_id, axis_id, departure_at, window_to,
    rotations, vehicles, leader, cargo, no_weapons, un_on_board, force_id, why_safer, neutrality, exit_plan,
    risks, mitigation, asset_category, capability_needed, risk_imposed, risk_harm, risk_authorities, risk_boarding,
    risk_dependency, risk_comparable, risk_replacing, risk_objection, risk_unasked, risk_joint,
    consent_partners, consent_force, consent_public,
    submitted_at, forwarded_at, transmitted_at, decision_id, ends_at, due_at, deviated, imported, call_back,
    patients, triage, patrol_reason, search_text)
SELECT p.id, r.reference, CASE WHEN p.status = ANY(%(transmitted)s) THEN 'F-' || r.reference ELSE '' END,
       gen_random_uuid(), 'CAF', %(profile)s, 'AE', p.status, CASE WHEN p.i %% 10 = 3 THEN 'R' ELSE 'C' END, 8,
       s.id, f.id, t.id, o.id, o.person, p.created_at, p.created_at + interval '5 days',
       'fr', CASE WHEN p.urgent < 0.02 THEN 'immediate' WHEN p.urgent < 0.12 THEN 'urgent' ELSE 'routine' END,
       n.need, 400 + (p.words * 9000)::int, p.created_at + interval '15 days', f.place_id, t.place_id, a.id,
       p.created_at + interval '10 days', p.created_at + interval '13 days',
       1 + (p.words * 3)::int, 2 + (p.words * 12)::int, '', n.cargo, true, p.un < 0.4, %(force)s,
       'Two ambushes within a month; none on escorted convoys.', 'Visible; communities are told before.',
       'Ends with this convoy.', '["perception"]', 'Marked vehicles.', '', '', '', '', '', '', '', '', '', '', '', '',
       true, true, false,
       CASE WHEN p.status <> 'draft' THEN p.created_at + interval '1 hour' END,
       CASE WHEN p.status = ANY(%(forwarded)s) THEN p.created_at + interval '2 days' END,
       CASE WHEN p.status = ANY(%(transmitted)s) THEN p.created_at + interval '4 days' END,
       CASE WHEN p.status = ANY(%(decided)s) THEN p.id END,
       CASE WHEN p.status = ANY(%(decided)s) AND p.status <> 'denied' THEN p.created_at + interval '14 days' END,
       CASE WHEN p.is_open AND p.status NOT IN ('draft', 'underway', 'scheduled', 'suspended')
            THEN now() + (p.chance * 4 - 1) * interval '1 day' END,
       false, false, '', '', '', '',
       lower(concat_ws(' ', r.reference, o.acronym, n.need, f.folded, t.folded, a.name, n.cargo))
FROM plan p
JOIN stations s ON s.n = p.st JOIN stations f ON f.n = p.st_from JOIN stations t ON t.n = p.st_to
JOIN orgs o ON o.n = p.org JOIN axes a ON a.n = p.ax,
LATERAL (SELECT 'CAF-AE-' || to_char(p.created_at, 'YYYY') || '-' || lpad(p.i::text, 6, '0') AS reference) r,
LATERAL (SELECT concat_ws(' ',
             CASE WHEN p.words < 0.35 THEN %(common)s END, CASE WHEN p.i %% %(every)s = 7 THEN %(rare)s END,
             v[1 + (power(random() + p.i * 0, 3) * 1999)::int], v[1 + (power(random(), 3) * 1999)::int],
             v[1 + (power(random(), 3) * 1999)::int], v[1 + (power(random(), 3) * 1999)::int],
             v[1 + (power(random(), 3) * 1999)::int], v[1 + (power(random(), 3) * 1999)::int],
             v[1 + (power(random(), 3) * 1999)::int], v[1 + (power(random(), 3) * 1999)::int]) AS need,
         concat_ws(' ', v[1 + (power(random() + p.i * 0, 2) * 1999)::int], v[1 + (power(random(), 2) * 1999)::int],
                   (p.i %% 60)::text || ' tonnes') AS cargo
         FROM (SELECT %(words)s::text[] AS v) AS vocabulary) n
ORDER BY p.i
"""
DECISIONS = """
INSERT INTO requests_app_decision (
    id, case_id, country_id, kind, outcome, as_drafted, reason_code, reason, decided_by_id, capacity, own_organisation,
    decided_at, force_id, axis_id, valid_from, valid_to, rotations, conditions, condition_text,
    oral, witness, exception_text)
SELECT c.id, c.id, 'CAF', 'request', CASE WHEN c.status = 'denied' THEN 'denied' ELSE 'approved' END, true,
       CASE WHEN c.status = 'denied' THEN 'civilian' ELSE '' END, CASE WHEN c.status = 'denied' THEN 'No.' ELSE '' END,
       %(hc)s, 'hc', false, c.created_at + interval '3 days', c.force_id, c.axis_id, c.created_at + interval '9 days',
       c.created_at + interval '14 days', c.rotations, '["area_only", "leader_stops"]', '', false, '', ''
FROM requests_app_case c WHERE c.decision_id IS NOT NULL AND c.id > %(first)s
"""
CONSULTATIONS = """
INSERT INTO requests_app_consultation (
    case_id, body, country_id, case_created_at, asked_at, due_at, answered_at, lapsed_at)
SELECT c.id, b.body, 'CAF', c.created_at, c.submitted_at, c.submitted_at + interval '1 day',
       CASE WHEN c.status NOT IN ('submitted', 'reviewing') THEN c.submitted_at + interval '6 hours' END, NULL
FROM requests_app_case c
CROSS JOIN (VALUES ('cluster:LOG', 0.8), ('undss', 0.4), ('ngo_adviser', 0.5),
                   ('cluster:NUT', 0.005)) AS b (body, share)
WHERE c.submitted_at IS NOT NULL AND c.id > %(first)s
  AND (hashtext(c.id::text || b.body) & 65535) < b.share * 65536
"""
OPINIONS = """
INSERT INTO requests_app_opinion (case_id, body, value, text, reference, by_id, capacity, at)
SELECT n.case_id, n.body, CASE WHEN n.body LIKE 'cluster%%' THEN 'endorsed' ELSE 'favourable' END, '', '', %(hc)s,
       'cluster', n.answered_at
FROM requests_app_consultation n WHERE n.answered_at IS NOT NULL AND n.case_id > %(first)s
"""
ALTERNATIVES = """
INSERT INTO requests_app_alternative (case_id, option, asked_to, tried_on, outcome, note)
SELECT c.id, o, '', c.created_at::date - 3, 'refused', 'No patrol on this axis.'
FROM requests_app_case c CROSS JOIN (VALUES ('patrol'), ('acceptance')) AS t (o) WHERE c.id > %(first)s
"""
MOVES = """
INSERT INTO requests_app_move (case_id, code, from_status, to_status, by_id, capacity, at, reason, reason_code)
SELECT c.id, m.code, m.before, m.after, c.created_by_id, 'requester', c.created_at + m.days * interval '1 day', '', ''
FROM requests_app_case c
JOIN (VALUES (1, 'submit', 'draft', 'submitted', 0.1), (2, 'review', 'submitted', 'reviewing', 0.3),
             (3, 'validate', 'reviewing', 'clearing', 0.6), (4, 'forward', 'clearing', 'deciding', 2),
             (5, 'approve', 'deciding', 'approved', 3), (6, 'transmit', 'approved', 'transmitted', 4),
             (7, 'accept', 'transmitted', 'accepted', 5), (8, 'schedule', 'accepted', 'scheduled', 6),
             (9, 'close', 'reporting', 'closed', 12)) AS m (n, code, before, after, days)
  ON m.n <= CASE WHEN c.status = 'draft' THEN 0 WHEN c.status = 'submitted' THEN 1 WHEN c.forwarded_at IS NULL THEN 2
                 WHEN c.decision_id IS NULL THEN 4 WHEN c.transmitted_at IS NULL THEN 5
                 WHEN c.status = 'closed' THEN 9 ELSE 7 END
WHERE c.id > %(first)s ORDER BY c.id, m.n
"""
LAST_MOVES = """
INSERT INTO requests_app_move (case_id, code, from_status, to_status, by_id, capacity, at, reason, reason_code)
SELECT c.id, 'civilian', 'reviewing', 'civilian', c.created_by_id, 'ocha_officer', c.created_at + interval '2 days',
       '', ''
FROM requests_app_case c WHERE c.status = 'civilian' AND c.id > %(first)s
"""
EXTRACTS = """
INSERT INTO requests_app_extract (case_id, organisation_id, force_reference, number, kind, content, sha256, sent_at)
SELECT c.id, %(force_org)s, c.force_reference, 1, 'request',
       jsonb_build_object('request_type', 'AE', 'urgency', c.urgency, 'requesting_organisation', 'An organisation',
           'task', 'Escort of trucks', 'origin', 'Bambari', 'destination', 'Bria', 'axis', 'Bambari-Bria',
           'departure_at', to_char(c.departure_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
           'window_to', to_char(c.window_to AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
           'rotations', c.rotations, 'vehicles', c.vehicles, 'cargo', c.cargo, 'no_weapons', true,
           'critical_by', '', 'exit_plan', c.exit_plan, 'conditions', '["area_only"]'::jsonb, 'condition_text', '',
           'valid_from', to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
           'valid_to', to_char(c.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
           'decided_as', 'hc', 'contact', ''),
       md5(c.id::text) || md5(c.id::text), c.transmitted_at
FROM requests_app_case c WHERE c.force_reference <> '' AND c.id > %(first)s ORDER BY c.id
"""
ACKNOWLEDGEMENTS = """
INSERT INTO requests_app_acknowledgement (extract_id, at)
SELECT e.id, e.sent_at + interval '1 hour' FROM requests_app_extract e
JOIN requests_app_case c ON c.id = e.case_id WHERE c.status <> 'transmitted' AND c.id > %(first)s
"""
FORCE_FILES = """
INSERT INTO requests_app_forcefile (case_id, organisation_id, country_id, force_reference, stage, expects, due_at,
    urgency, request_type, asset_category, origin, destination, departure_at, ends_at, place, sort_key, closed, strict)
SELECT f.id, %(force_org)s, f.country_id, f.force_reference,
       CASE WHEN f.status = 'transmitted' THEN 'received' WHEN f.status IN ('closed', 'reporting') THEN 'completed'
            WHEN f.status = 'expired' THEN 'ended'
            WHEN f.status IN ('withdrawn', 'cancelled', 'denied') THEN 'stood_down'
            ELSE f.status END,
       CASE WHEN f.place = 0 THEN 'reply' ELSE '' END, CASE WHEN f.place = 0 THEN f.due_at END,
       f.urgency, 'AE', '', 'Bambari', 'Bria', f.departure_at, f.ends_at, f.place,
       CASE f.place WHEN 0 THEN extract(epoch FROM coalesce(f.due_at, f.transmitted_at, f.created_at))
                    WHEN 1 THEN extract(epoch FROM f.departure_at)
                    ELSE -extract(epoch FROM coalesce(f.transmitted_at, f.created_at)) END::bigint, false, false
FROM (SELECT c.*, CASE WHEN c.status IN ('transmitted', 'acknowledged') THEN 0
                       WHEN c.status IN ('scheduled', 'underway') THEN 1 ELSE 2 END AS place
      FROM requests_app_case c WHERE c.force_reference <> '' AND c.id > %(first)s) AS f ORDER BY f.id
"""
EVENTS = """
INSERT INTO activity_event (stream, kind, at, by_id, subject_kind, subject_id, data)
SELECT 'CAF', 'case.' || m.code, m.at, m.by_id, 'case', m.case_id,
       jsonb_build_object('from', m.from_status, 'to', m.to_status, 'timezone', 'Africa/Bangui',
                          'reference', c.reference, 'url', '/requests/' || c.reference || '/')
FROM requests_app_move m JOIN requests_app_case c ON c.id = m.case_id WHERE c.id > %(first)s ORDER BY m.id
"""
NOTIFICATIONS = """
INSERT INTO activity_notification (event_id, recipient_id, address, language, channel, kind, expects, status, due_at,
                                   lease_key, attempts, sent_at, read_at, last_error)
SELECT e.id, r.person, '', '', ch.channel, e.kind, '', 'sent', e.at, '', 1, e.at,
       CASE WHEN ch.channel = 'mail' OR e.at < now() - interval '20 days' THEN e.at END, ''
FROM activity_event e
CROSS JOIN (VALUES ('portal'), ('mail')) AS ch (channel)
JOIN (SELECT person, row_number() OVER (ORDER BY person) - 1 AS n, count(*) OVER () AS every FROM readers) r
  ON r.n = e.id %% r.every
WHERE e.subject_kind = 'case' ORDER BY e.id
"""
STEPS = (CASES, DECISIONS, CONSULTATIONS, OPINIONS, ALTERNATIVES, MOVES, LAST_MOVES, EXTRACTS, ACKNOWLEDGEMENTS,
         FORCE_FILES, EVENTS, NOTIFICATIONS)  # fmt: skip
YEARS = 3
TABLES = ("case", "decision", "consultation", "opinion", "alternative", "move", "extract", "acknowledgement",
          "forcefile")  # fmt: skip


def vocabulary() -> list[str]:
    """Two thousand words that nobody speaks, the first ones the most frequent."""
    pieces = SYLLABLES.split()
    return [pieces[n % 36] + pieces[(n // 36 + n) % 36] + pieces[(n // 7) % 36] for n in range(2000)]


def weights() -> list[tuple[bool, str, float]]:
    """Status by chance, as upper bounds between 0 and 1."""
    rows = []
    for is_open, shares in ((True, OPEN), (False, ENDED)):
        upto, total = 0.0, sum(shares.values())
        for status, share in shares.items():
            upto += share / total
            rows.append((is_open, status, upto + 1e-9))
    return rows


def make_cases(cases: int, *, organisations: dict[int, int], readers: list[int], hc: int, force, profile: int, say):
    """Write this many requests with all that follows them. `organisations` maps each to its person who files.

    The first organisation files half of everything.
    """
    facts = {
        "cases": cases,
        "open": min(OPEN_CASES, max(50, cases // 20)),
        "span": YEARS * 365 * 86400,
        "first": 0,
        "orgs": len(organisations),
        "every": max(20, cases // RARE_HITS),
        "common": COMMON_WORD,
        "rare": RARE_WORD,
        "words": vocabulary(),
        "hc": hc,
        "force": force.pk,
        "force_org": force.organisation_id,
        "profile": profile,
        "transmitted": list(TRANSMITTED),
        "forwarded": list(FORWARDED),
        "decided": list(DECIDED),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT setseed(0.42), coalesce(max(id), 0) FROM requests_app_case")
        facts["first"] = cursor.fetchone()[1]
        cursor.execute(
            "CREATE TEMP TABLE stations AS SELECT s.id, s.place_id, p.folded_name AS folded, "
            "row_number() OVER (ORDER BY s.code <> 'bria', s.id) AS n "
            "FROM places_dutystation s JOIN places_place p ON p.id = s.place_id WHERE s.country_id = 'CAF'"
        )
        cursor.execute(
            "CREATE TEMP TABLE axes AS SELECT id, name, row_number() OVER (ORDER BY id) AS n "
            "FROM places_axis WHERE country_id = 'CAF'"
        )
        cursor.execute("CREATE TEMP TABLE orgs (n int, id bigint, person bigint, acronym text)")
        cursor.execute("CREATE TEMP TABLE readers (person bigint)")
        cursor.execute("CREATE TEMP TABLE weights (is_open bool, status varchar(16), upto float)")
        cursor.executemany(
            "INSERT INTO orgs SELECT %s, id, %s, acronym FROM accounts_organisation WHERE id = %s",
            [(n, person, pk) for n, (pk, person) in enumerate(organisations.items(), start=1)],
        )
        cursor.executemany("INSERT INTO readers VALUES (%s)", [(person,) for person in readers])
        cursor.executemany("INSERT INTO weights VALUES (%s, %s, %s)", weights())
        for table in ("stations", "axes"):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  names from this file
            facts[table] = cursor.fetchone()[0]
        cursor.execute(PLAN, facts)
        cursor.execute(STATUS)
        for step in STEPS:
            cursor.execute(step, facts)
            say(step.split("INTO ")[1].split(" ")[0], cursor.rowcount)
        for table in (*(f"requests_app_{name}" for name in TABLES), "activity_event", "activity_notification"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
        cursor.execute("DROP TABLE plan, stations, axes, orgs, readers, weights")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")

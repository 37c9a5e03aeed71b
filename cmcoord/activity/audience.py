"""Which side may read which field of the trail, of what is told and of what comes due? (words: activity.barrier)"""

from cmcoord.activity.barrier import Consent, Release, Rows, Table, everybody, fields, inside, machinery, told

# Another side reads of an event one neutral sentence, the moment, and the reference and address that are its own.
NEUTRAL = told("R", release=Release.REWRITTEN)
OWN = everybody("R")  # a row that has one reader

LINES: Table = {
    "activity.Event": {
        **fields(inside("R"), "id stream subject_kind subject_id"),
        **fields(NEUTRAL, "kind data"),
        "at": told("R"),
        **fields(told("R", release=Release.FUNCTION), "by acting_for"),
    },
    "activity.ErasableValue": {
        **fields(machinery("R"), "id event field"),
        **fields(machinery(), "salt value"),
    },
    "activity.Chain": fields(machinery("R"), "stream number total hash checked broken_at broken anchored_at"),
    "activity.Seal": fields(machinery("R"), "id stream number at previous count total columns recovery hash"),
    "activity.SealedRow": fields(machinery("R"), "id seal position of_table row_id subject hidden digest"),
    "activity.Salt": {**fields(machinery("R"), "id of_table row_id field"), "salt": machinery()},
    "activity.Unsealed": fields(machinery("R"), "id stream of_table row_id subject"),
    "activity.Erasure": fields(inside("R"), "id stream subject of_table row_id field reason by second at"),
    "activity.Release": fields(
        inside("R"),
        "id what code stream subject_kind subject_id organisation recipient function reference number sha256 by event "
        "notification at",
    ),
    "activity.Notification": {
        **fields(OWN, "id event recipient language channel kind expects sent_at read_at"),
        "address": everybody("C"),
        **fields(machinery("R"), "status due_at lease_until lease_key attempts last_error"),
    },
    "activity.Preference": fields(OWN, "id user kind mail"),
    "activity.SmsNumber": {
        **fields(OWN, "id user confirmed_at"),
        "number": everybody("C", consent=Consent.PERSON),
        **fields(machinery(), "code_digest code_until tries"),
    },
    "activity.Reminder": fields(machinery("R"), "id subject_kind subject_id key due_at sent_at void_at"),
    "activity.DemoSms": {
        **fields(everybody("C"), "id number text at"),
        "key": machinery("R"),
    },
    "activity.DemoMail": {
        **fields(OWN, "id recipient subject text html at"),
        **fields(everybody("C"), "address"),
        "message_id": machinery("R"),
    },
}

ROWS: Rows = {
    "activity.Notification": lambda user, row: row.recipient_id == user.pk,
    "activity.Preference": lambda user, row: row.user_id == user.pk,
    "activity.SmsNumber": lambda user, row: row.user_id == user.pk,
    "activity.DemoMail": lambda user, row: row.recipient_id == user.pk,
}

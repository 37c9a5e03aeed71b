"""How a thing that happened is written down and told: record() inside the caller's transaction, delivery after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cmcoord.activity import barrier, gateway, kinds, marks, sms, sms_numbers
from cmcoord.activity.hurry import hurry_after_commit, hurry_sms_after_commit
from cmcoord.activity.models import ErasableValue, Event, Notification, Preference
from cmcoord.activity.seals import AT_ONCE, seal_subject

PORTAL_STREAM = "portal"


@dataclass(frozen=True)
class Tell:
    """Somebody who must hear of an event, and the code of what is expected from them (kinds.EXPECTS; "" = nothing).

    Somebody without an account yet (an invitation) is told at `address`, in `language`.
    """

    user: Any = None
    expects: str = ""
    address: str = ""
    language: str = ""
    also_actor: bool = False  # the actor gets a copy too: whoever names a stand-in reads that it was done


@transaction.atomic(savepoint=False)
def record(
    subject,
    kind: str,
    *,
    by,
    acting_for=None,
    stream: str | None = None,
    data: Mapping[str, Any] | None = None,
    secret: Mapping[str, Any] | None = None,
    tell: Iterable[Tell] = (),
    at: datetime | None = None,
) -> Event:
    """Write one event and one notification row for each person and channel, in the caller's transaction.

    `subject` has `activity_kind` and a pk; its `stream`, `reference` and `get_absolute_url()` are used when there.
    `data` is kept in clear for ever: open and restricted values only. `secret` holds confidential values: the event
    keeps their salted digest, the values can be destroyed. `by` None means the portal itself.
    """
    at = at or timezone.now()
    salted = [(field, ErasableValue.new_salt(), str(value)) for field, value in (secret or {}).items()]
    facts = _facts(subject, data, salted)
    event = unwritten(subject, kind, by=by, acting_for=acting_for, stream=stream, data=facts, at=at)
    event.save(force_insert=True)
    if kind in AT_ONCE:
        seal_subject(event.stream, f"{event.subject_kind}/{event.subject_id}")
    ErasableValue.objects.bulk_create(
        ErasableValue(event=event, field=field, salt=salt, value=value) for field, salt, value in salted
    )
    rows = _notifications(event, _readers(tell, by), at=at)
    if rows:
        Notification.objects.bulk_create(rows)
        channels = {row.channel for row in rows}
        if Notification.Channel.MAIL in channels:
            hurry_after_commit()
        if Notification.Channel.SMS in channels:
            hurry_sms_after_commit()
    return event


def unwritten(
    subject, kind: str, *, by, data: Mapping[str, Any], acting_for=None, stream: str | None = None, at: datetime
) -> Event:
    """An event as record() writes it, with its mark: for those too who write many at once and tell nobody."""
    event = Event(
        stream=stream or getattr(subject, "stream", "") or PORTAL_STREAM,
        kind=kind,
        at=at,
        by=by,
        acting_for=acting_for,
        subject_kind=subject.activity_kind,
        subject_id=subject.pk,
        data=dict(data),
    )
    marks.set_mark(event)
    return event


def _facts(subject, data, salted) -> dict:
    facts = dict(data or {})
    reference = getattr(subject, "reference", None)
    if "reference" not in facts and reference:
        facts["reference"] = str(reference)
    if "url" not in facts and hasattr(subject, "get_absolute_url"):
        facts["url"] = subject.get_absolute_url()
    if salted:
        facts["digests"] = {field: ErasableValue.digest_of(salt, value) for field, salt, value in salted}
    return facts


def _readers(tell: Iterable[Tell], by) -> list[Tell]:
    """Each person once, with what is expected from them; nobody is merely informed of what they did themselves."""
    readers: dict[Any, Tell] = {}
    for one in tell:
        if one.user is not None and (
            not one.user.is_active or (one.user == by and not one.also_actor and not kinds.asks_something(one.expects))
        ):
            continue
        key = one.address.lower() if one.user is None else one.user.pk
        if key and (
            key not in readers or kinds.asks_something(one.expects) > kinds.asks_something(readers[key].expects)
        ):
            readers[key] = one
    return list(readers.values())


def _notifications(event: Event, readers: list[Tell], *, at: datetime) -> list[Notification]:
    unwanted, by_sms = _without_mail(event.kind, readers), _by_sms(event, readers)
    rows = []
    for one in readers:
        common = {"event": event, "kind": event.kind, "expects": one.expects, "due_at": at}
        mail = Notification(channel=Notification.Channel.MAIL, **common)
        if one.user is None:
            mail.address, mail.language = one.address, one.language or settings.LANGUAGE_CODE
            rows.append(mail)
            continue
        rows.append(
            Notification(
                recipient=one.user,
                channel=Notification.Channel.PORTAL,
                status=Notification.Status.SENT,
                sent_at=at,
                **common,
            )
        )
        if one.user.email and one.user.pk not in unwanted:
            mail.recipient = one.user
            rows.append(mail)
        if one.user.pk in by_sms:
            rows.append(Notification(recipient=one.user, channel=Notification.Channel.SMS, **common))
    return rows


def _by_sms(event: Event, readers: list[Tell]) -> set[int]:
    """Who gets an SMS besides: of what presses, those who want it; never of what is strictly confidential."""
    if not gateway.is_set():
        return set()
    asked = [
        one.user
        for one in readers
        if one.user is not None and sms.is_pressing(event.kind, one.expects, event.data, event.at)
    ]
    if not asked or barrier.class_of(event.subject_kind, event.subject_id) == barrier.Sensitivity.STRICT:
        return set()
    return sms_numbers.with_number(asked)


def _without_mail(kind: str, readers: list[Tell]) -> set[int]:
    """Those readers who switched this group of mails off, where it may be switched off: at most one query."""
    groups = {
        one.user.pk: kinds.group_of(kind, one.expects)
        for one in readers
        if one.user is not None and not kinds.is_mandatory(kind, one.expects)
    }
    if not groups:
        return set()
    off = Preference.objects.filter(user__in=groups, kind__in=set(groups.values()), mail=False)
    return {pk for pk, group in off.values_list("user_id", "kind") if groups[pk] == group}


def mark_read(user, *, pk: int) -> int:
    """Mark one of the person's own notifications as read; returns how many changed (0 or 1)."""
    return Notification.objects.in_app_of(user).unread().filter(pk=pk).update(read_at=timezone.now())


def mark_all_read(user, *, up_to: int | None = None) -> int:
    """Mark the person's notifications as read, up to the one that was on top of their page; later ones stay unread."""
    unread = Notification.objects.in_app_of(user).unread()
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=timezone.now())


@transaction.atomic
def set_preferences(user, *, wanted: Mapping[str, bool]) -> None:
    """Store for each group whether the person wants its mails; mandatory groups are ignored."""
    for key, group in kinds.GROUPS.items():
        if not group.mandatory and key in wanted:
            Preference.objects.update_or_create(user=user, kind=key, defaults={"mail": wanted[key]})

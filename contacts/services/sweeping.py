"""What comes due in the directory: reminders, departures, and what is destroyed after the end of a post.

A sweep finds what is due and may run twice, or after days of standstill: each row is sent once.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cmcoord.accounts import scope
from cmcoord.accounts.roles import Perm
from cmcoord.activity.models import Reminder
from cmcoord.activity.services import Tell, record
from cmcoord.places.local_dates import today_expression
from cmcoord.places.models import Country
from contacts import coverage, links
from contacts.models import Address, Handover, Holding, Person, Post, Telephone
from contacts.services.consent import stream_of, told_to
from contacts.services.merging import forget_merge
from contacts.services.reminding import keepers_of, others_on_duty

BATCH = 200
KEPT = dt.timedelta(days=30)  # telephones after the end of a post (domain.md §4.5)


def remind_holdings(now: dt.datetime, limit: int = BATCH) -> int:
    """Send each reminder that is due exactly once; those that nothing needs any more become void."""
    rows = Reminder.objects.due(now).filter(subject_kind=Holding.activity_kind)[:limit]
    return sum(_remind(row.pk, now) for row in list(rows))


@transaction.atomic
def _remind(pk: int, now: dt.datetime) -> bool:
    reminder = Reminder.objects.select_for_update().get(pk=pk)
    if reminder.sent_at or reminder.void_at:
        return False
    holding = _holding(reminder.subject_id)
    act = {"confirm": _ask_to_confirm, "verify": _ask_to_verify, "depart": _ask_for_successor}
    sent = holding is not None and act[reminder.key.partition(".")[0]](holding, reminder, now)
    setattr(reminder, "sent_at" if sent else "void_at", now)
    reminder.save(update_fields=["sent_at", "void_at"])
    return sent


def _ask_to_confirm(holding: Holding, reminder: Reminder, now: dt.datetime) -> bool:
    """A link with one button to the person; when the 90 days are over, whoever keeps the post hears of it too."""
    _word, stamp, which = reminder.key.split(".")
    if int(holding.confirmed_at.timestamp()) != int(stamp):
        return False
    told = told_to(holding.person)
    if told or which != "stale":
        tell = [Tell(told.user, "confirm_post", told.address, told.language)] if told else []
        secret = {"link": links.link_to(links.CONFIRM, holding)} if told else None
        record(holding, "holding.ask_confirm", by=None, secret=secret, tell=tell, at=now)
    if which == "stale":  # without the link, by which the person alone speaks
        record(holding, "holding.stale", by=None, tell=[Tell(user) for user in keepers_of(holding.post)], at=now)
    return True


def _ask_to_verify(holding: Holding, reminder: Reminder, now: dt.datetime) -> bool:
    """The station after three days, the national unit after six."""
    if holding.is_verified:
        return False
    where = holding.post.station if reminder.key == "verify.station" else holding.post.country
    tell = [Tell(user, "verify_contact") for user in others_on_duty(holding, where)]
    record(holding, "holding.ask_verify", by=None, tell=tell, at=now)
    return True


def _ask_for_successor(holding: Holding, reminder: Reminder, now: dt.datetime) -> bool:
    if holding.ends is None or holding.ends.isoformat() != reminder.key.partition(".")[2] or has_successor(holding):
        return False
    tell = [Tell(user, "name_successor") for user in keepers_of(holding.post)]
    record(holding, "holding.ask_successor", by=None, data={"ends": holding.ends.isoformat()}, tell=tell, at=now)
    return True


def depart_due(now: dt.datetime, limit: int = BATCH) -> int:
    """Whoever's last day has passed leaves the lists; without a successor the gap is told."""
    today = today_expression("post__country", now)
    due = Holding.objects.filter(left_at=None, ends__lt=today).order_by("ends", "id")[:limit]
    return sum(_depart(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _depart(pk: int, now: dt.datetime) -> bool:
    posts = Post.objects.filter(holdings=pk)  # first the post, as every verb about it
    list(posts.select_for_update(no_key=True, of=("self",)).only("pk"))
    holding = _holding(pk)
    if holding is None:
        return False
    holding.left_at = now
    holding.save(update_fields=["left_at"])
    Handover.objects.get_or_create(holding=holding)
    Reminder.objects.open_for(holding).update(void_at=now)
    expects = "" if has_successor(holding) or holding.post.closed_at else "name_successor"
    tell = [Tell(user, expects) for user in keepers_of(holding.post)]
    if still_appointed(holding):
        tell += [Tell(user, "end_appointment") for user in scope.holders(Perm.MANAGE_ACCOUNTS)]
    record(holding, "holding.depart", by=None, tell=tell, at=now)
    return True


def forget_contacts(now: dt.datetime, limit: int = BATCH) -> int:
    """Destroy telephones and addresses 30 days after the end of somebody's last post; the functions stay."""
    recent = Holding.objects.filter(person=OuterRef("pk")).filter(Q(ends=None) | Q(ends__gte=(now - KEPT).date()))
    due = Person.objects.filter(
        Exists(Telephone.objects.filter(person=OuterRef("pk"))) | Exists(Address.objects.filter(person=OuterRef("pk"))),
        Exists(Holding.objects.filter(person=OuterRef("pk"))),
        ~Exists(recent),
    )
    return sum(_forget(pk, now) for pk in list(due.order_by("pk").values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _forget(pk: int, now: dt.datetime) -> bool:
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    telephones, _kinds = person.telephones.all().delete()
    addresses, _kinds = person.addresses.all().delete()
    forget_merge(person.merges.filter(undone_at=None), now)
    data = {"person": pk, "telephones": telephones, "addresses": addresses}
    record(person, "contact.forget", by=None, stream=stream_of(person), data=data, at=now)
    return True


def count_contacts() -> None:
    """Count how fresh each directory is; and write anew what a post says of its holder, should it not agree."""
    for country in Country.objects.all():
        coverage.count_freshness(country).save()
        wrong = list(Post.objects.disagreeing().filter(country=country).values_list("pk", flat=True))
        Post.objects.filter(pk__in=wrong).note_holders()


def has_successor(holding: Holding) -> bool:
    """Does somebody follow them, now or from a day to come?"""
    later = holding.post.holdings.filter(capacity=holding.capacity, starts__gt=holding.starts, left_at=None)
    return later.exclude(pk=holding.pk).exists()


def still_appointed(holding: Holding) -> list:
    """The appointments in the country of the post that the account of the person holds still."""
    user = holding.person.user
    return list(user.appointments.in_force().filter(country=holding.post.country_id)) if user else []


def _holding(pk: int) -> Holding | None:
    found = Holding.objects.filter(pk=pk, left_at=None, post__closed_at=None)
    return found.select_related(
        "person__user__organisation", "post__country", "post__station", "post__organisation"
    ).first()

"""Smoke: the life of one escort through the services."""
import datetime as dt
import pytest
from django.utils import timezone
from cmcoord.accounts.models import Organisation, User, Appointment
from cmcoord.places.models import Country, DutyStation, Axis, Place
from cmcoord.places.reference_data import load_reference
from contacts.models import Force
from requests_app import workflow
from requests_app.models import *
from requests_app.services import make_move, start_case, save_answers, Refused

pytestmark = pytest.mark.django_db


def person(name, org, role=None, **scope):
    u = User.objects.create_user(name, f"{name}@example.org", "x", name=name, organisation=org)
    a1 = User.objects.filter(username="adm1").first() or User.objects.create_user("adm1", "adm1@example.org", "x", name="a1", organisation=org)
    a2 = User.objects.filter(username="adm2").first() or User.objects.create_user("adm2", "adm2@example.org", "x", name="a2", organisation=org)
    if role:
        Appointment.objects.create(user=u, role=role, starts=dt.date(2020, 1, 1), given_by=a1, confirmed_by=a2, confirmed_at=timezone.now(), **scope)
    return u


def test_life(django_assert_num_queries):
    load_reference()
    try:
        from cmcoord.accounts.reference_data import load_organisations
        load_organisations()
    except ImportError:
        pass
    caf = Country.objects.get(pk="CAF")
    bria = DutyStation.objects.get(code="bria")
    ngo = Organisation.objects.create(name="Aid One", acronym="AIDONE", org_type="ingo")
    un = Organisation.objects.create(name="OCHA office X", acronym="OCHAX", org_type="un_agency")
    minusca = Organisation.objects.filter(org_type="un_military").first() or Organisation.objects.create(name="MINUSCA F", acronym="MINUSCA", org_type="un_military")
    force = Force.objects.filter(organisation=minusca).first() or Force.objects.create(organisation=minusca, country=caf, name="M", acronym="MINUSCA", category="mission_military", active_from=dt.date(2014, 9, 15))
    req = person("req", ngo, "requester", country=caf, organisation=ngo)
    ob = person("ob", un, "ocha_officer", country=caf, station=bria)
    nat = person("nat", un, "ocha_national", country=caf)
    hc = person("hc", un, "hc", country=caf)
    log = person("log", un, "cluster", country=caf, cluster="LOG")
    uds = person("uds", un, "undss", country=caf)
    u3 = person("u3", minusca, "force_ops", country=caf, organisation=minusca)
    now = timezone.now()
    case = start_case(by=req, country=caf, station=bria, organisation=ngo)
    axis = Axis.objects.filter(country=caf).first()
    o, d = Place.objects.get(name="Bambari"), Place.objects.get(name="Bria")
    assert workflow.why_not(case, "submit", req)
    dep = now + dt.timedelta(days=10)
    case = save_answers(case, by=req, base_version=case.version, answers=dict(need="food", people=100, critical_by=dep, origin=o, destination=d, axis=axis, departure_at=dep, window_to=dep + dt.timedelta(days=2), rotations=1, vehicles=4, cargo="food", no_weapons=True, un_on_board=True, force=force, why_safer="x", neutrality="y", exit_plan="z"),
                        alternatives=[dict(option="patrol", tried_on=now.date(), outcome="refused", note="no")])
    assert workflow.why_not(case, "submit", req) == ""
    make_move(case, "submit", by=req)
    R = lambda: Case.objects.get(pk=case.pk)
    assert R().due_at
    with pytest.raises(Refused):
        make_move(case, "validate", by=req)
    make_move(case, "review", by=ob)
    make_move(case, "return", by=ob, reason="when?")
    make_move(case, "resubmit", by=req)
    make_move(case, "review", by=ob)
    make_move(case, "advise_cluster", by=log, value="endorsed")
    make_move(case, "advise_security", by=uds, value="favourable")
    make_move(case, "decide_security", by=req, value="favourable", analysis="x")
    make_move(case, "validate", by=ob)
    limits = dict(force=force, axis=axis, valid_from=dep - dt.timedelta(days=1), valid_to=dep + dt.timedelta(days=5), rotations=1, conditions=["area_only", "no_arms_on_board", "leader_stops"])
    make_move(case, "draft_decision", by=nat, recommendation="approved", **limits)
    print(workflow.why_not(R(), "forward", nat))
    with pytest.raises(Refused):
        make_move(case, "forward", by=nat)
    make_move(case, "forward", by=nat, now=now + dt.timedelta(days=8))
    assert [c.line.code for c in workflow.choices(R(), hc)] == ["ask", "approve", "deny", "comment"]
    assert R() in Case.objects.visible_to(hc)
    make_move(case, "approve", by=hc, **limits)
    assert not Case.objects.visible_to(u3)
    make_move(case, "transmit", by=ob, task="escort 4 trucks")
    assert workflow.refusal(R(), "accept", u3) is None
    make_move(case, "limit", by=u3, text="only by day")
    make_move(case, "schedule", by=ob, departure_at=dep, rendezvous="here", rendezvous_at=dep, leader="leader", contact="+236")
    make_move(case, "change", by=req, departure_at=dep + dt.timedelta(days=1))
    make_move(case, "receive", by=u3)
    t = dep + dt.timedelta(days=1)
    with pytest.raises(Refused):
        make_move(case, "start", by=req, happened_at=now)
    make_move(case, "start", by=req, happened_at=t, now=t)
    make_move(case, "log", by=u3, what="start", happened_at=t, now=t)
    make_move(case, "log", by=req, what="end", happened_at=t + dt.timedelta(hours=5), now=t + dt.timedelta(hours=6))
    make_move(case, "log", by=u3, what="end", happened_at=t + dt.timedelta(hours=5), now=t + dt.timedelta(hours=6))
    assert R().status == "completed"
    make_move(case, "report", by=None)
    make_move(case, "close", by=req, nothing_to_report=True)
    assert R().status == "closed"
    from cmcoord.activity.models import Event, Notification
    print([e.kind for e in Event.objects.order_by("id")])
    print(Notification.objects.count())
    print([m.to_status for m in case.moves.all()])

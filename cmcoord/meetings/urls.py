"""Which page of meetings answers which address?"""

from django.urls import path

from cmcoord.meetings import minutes_urls, points_urls
from cmcoord.meetings.views import feeds, meetings, preparing

app_name = "meetings"

urlpatterns = [
    path("", meetings.listing, name="list"),
    path("plan/", meetings.choose_body, name="choose"),
    path("propose/", preparing.propose, name="propose"),
    path("feed/", feeds.settings_page, name="feed"),
    path("feed/<str:word>.ics", feeds.calendar, name="calendar"),
    path("bodies/<int:pk>/plan/", meetings.plan, name="plan"),
    path("bodies/<int:pk>/series/", meetings.plan_series, name="plan_series"),
    path("bodies/<int:pk>/proposals/", preparing.proposals, name="proposals"),
    path("proposals/<int:pk>/", preparing.answer, name="answer_proposal"),
    path("<uuid:uid>/", meetings.meeting, name="meeting"),
    path("<uuid:uid>/move/", meetings.move, name="move"),
    path("<uuid:uid>/series/", meetings.change_series, name="series"),
    path("<uuid:uid>/not-held/", meetings.not_held, name="not_held"),
    path("<uuid:uid>/invite/", meetings.invite, name="invite"),
    path("<uuid:uid>/series/invite/", meetings.invite_series, name="invite_series"),
    path("<uuid:uid>/cancel/", meetings.cancel, name="cancel"),
    path("<uuid:uid>/hold/", meetings.hold, name="hold"),
    path("<uuid:uid>/agenda/", preparing.agenda, name="agenda"),
    path("<uuid:uid>/agenda/<int:order>/", preparing.item, name="item"),
    path("<uuid:uid>/attendance/", preparing.attendance, name="attendance"),
    path("<uuid:uid>/agenda.pdf", preparing.paper, {"what": "agenda"}, name="agenda_paper"),
    path("<uuid:uid>/sign-in.pdf", preparing.paper, {"what": "sign-in"}, name="sign_in_sheet"),
    *minutes_urls.urlpatterns,
    *points_urls.urlpatterns,
]

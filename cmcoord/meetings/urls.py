"""Which page of meetings answers which address?"""

from django.urls import path

from cmcoord.meetings import minutes_urls, points_urls
from cmcoord.meetings.views import feeds, meetings

app_name = "meetings"

urlpatterns = [
    path("feed/", feeds.settings_page, name="feed"),
    path("feed/<str:word>.ics", feeds.calendar, name="calendar"),
    path("<uuid:uid>/", meetings.meeting, name="meeting"),
    *minutes_urls.urlpatterns,
    *points_urls.urlpatterns,
]

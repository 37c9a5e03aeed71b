"""Which page of meetings answers which address?"""

from django.urls import path

from cmcoord.meetings import minutes_urls, points_urls
from cmcoord.meetings.views import meetings

app_name = "meetings"

urlpatterns = [
    path("<uuid:uid>/", meetings.meeting, name="meeting"),
    *minutes_urls.urlpatterns,
    *points_urls.urlpatterns,
]

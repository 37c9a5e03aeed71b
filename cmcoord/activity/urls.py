"""Where a person finds what they were told."""

from django.urls import path, register_converter

from cmcoord.activity import views
from cmcoord.activity.numbers import HiddenNumber

register_converter(HiddenNumber, "hidden")

app_name = "activity"
urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/<hidden:pk>/read/", views.read, name="read"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("mailbox/", views.mailbox, name="mailbox"),
]

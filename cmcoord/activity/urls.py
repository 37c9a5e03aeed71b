"""Where a person finds what they were told."""

from django.urls import path

from cmcoord.activity import views

app_name = "activity"
urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/<hidden:pk>/read/", views.read, name="read"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("mailbox/", views.mailbox, name="mailbox"),
]

"""Where a person finds what they were told."""

from django.urls import path

from cmcoord.activity import demo_sms, sms_views, views

app_name = "activity"
urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/<hidden:pk>/read/", views.read, name="read"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("notifications/sms/", sms_views.sms, name="sms"),
    path("notifications/sms/code/", sms_views.sms_code, name="sms_code"),
    path("notifications/sms/stop/", sms_views.sms_stop, name="sms_stop"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/sms/", demo_sms.take, name="demo_gateway"),
]

"""Which page answers which address?"""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from cmcoord import bench, demo, health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("requests_app.urls")),
    path("", include("cmcoord.accounts.urls")),
    path("", include("cmcoord.activity.urls")),
    path("directory/", include("contacts.urls")),
    path("fleet/", include("contacts.fleet_urls")),
    path("register/", include("requests_app.register_urls")),
    path("countries/", include("requests_app.policy_urls")),
    path("meetings/", include("cmcoord.meetings.urls")),
    path("guidance/", include("cmcoord.guidance.urls")),
    path("ui/", include("cmcoord.ui.urls")),
    path("account/email/", RedirectView.as_view(pattern_name="accounts:me")),  # the address came with the invitation
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("demo/", demo.roles, name="demo"),
    path("demo/<str:username>/", demo.be, name="demo_be"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
if settings.BENCH:
    urlpatterns += bench.urlpatterns

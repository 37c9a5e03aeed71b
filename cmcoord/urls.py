"""Which page answers which address?"""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from cmcoord import demo, health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("demo/", demo.roles, name="demo"),
    path("demo/<str:username>/", demo.be, name="demo_be"),
    path("readyz", health.readyz, name="readyz"),
    path("account/email/", RedirectView.as_view(pattern_name="accounts:me")),  # the address came with the invitation
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
# Until every part has arrived; becomes a plain list then.
urlpatterns += [
    path(prefix, include(urls))
    for prefix, urls in [
        ("", "requests_app.urls"),
        ("", "cmcoord.accounts.urls"),
        ("", "cmcoord.activity.urls"),
        ("", "cmcoord.places.urls"),
        ("guidance/", "cmcoord.guidance.urls"),
        ("ui/", "cmcoord.ui.urls"),
    ]
    if find_spec(urls)
]

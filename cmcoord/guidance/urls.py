"""Where the guidelines are."""

from django.urls import path

from cmcoord.guidance import position_views, views

app_name = "guidance"

urlpatterns = [
    path("", views.clauses, name="clauses"),
    path("never-carried/", views.never_carried, name="never_carried"),
    path("positions/", position_views.register, name="positions"),
    path("positions/<int:pk>/endorse/", position_views.endorse, name="position_endorse"),
    path("positions/<int:pk>/end/", position_views.end, name="position_end"),
    path("<str:code>/", views.document, name="document"),
    path("<str:code>/read/", views.confirm, name="confirm"),
]

"""Where the guidelines are."""

from django.urls import path

from cmcoord.guidance.views import library, positions

app_name = "guidance"

urlpatterns = [
    path("", library.clauses, name="clauses"),
    path("never-carried/", library.never_carried, name="never_carried"),
    path("positions/", positions.register, name="positions"),
    path("positions/<int:pk>/endorse/", positions.endorse, name="position_endorse"),
    path("positions/<int:pk>/end/", positions.end, name="position_end"),
    path("<str:code>/", library.document, name="document"),
    path("<str:code>/read/", library.confirm, name="confirm"),
]

"""Where the guidelines are."""

from django.urls import path

from cmcoord.guidance import views

app_name = "guidance"

urlpatterns = [
    path("", views.clauses, name="clauses"),
    path("never-carried/", views.never_carried, name="never_carried"),
    path("<str:code>/", views.document, name="document"),
    path("<str:code>/read/", views.confirm, name="confirm"),
]

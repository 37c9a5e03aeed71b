"""Where the guidelines are."""

from django.urls import path

from cmcoord.guidance import views

app_name = "guidance"

urlpatterns = [path("", views.clauses, name="clauses")]

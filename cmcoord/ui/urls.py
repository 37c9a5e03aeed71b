"""Which pages does the look of the portal have of its own?"""

from django.urls import path

from cmcoord.ui import views

app_name = "ui"

urlpatterns = [path("gallery/", views.gallery, name="gallery")]

"""Which page of the register of forces answers which address?"""

from django.urls import path

from requests_app.views import statuses as views

app_name = "register"

urlpatterns = [
    path("", views.forces, name="forces"),
    path("<int:pk>/", views.force, name="force"),
    path("<int:pk>/propose/", views.propose, name="propose"),
    path("status/<int:pk>/", views.answer, name="answer"),
]

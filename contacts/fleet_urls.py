"""Which page about the fleet of an organisation answers which address?"""

from django.urls import path

from contacts.views import fleet

app_name = "fleet"

urlpatterns = [
    path("", fleet.vehicles, name="vehicles"),
    path("drivers/", fleet.drivers, name="drivers"),
    path("vehicles/<int:pk>/", fleet.correct_vehicle, name="correct_vehicle"),
    path("drivers/<int:pk>/", fleet.correct_driver, name="correct_driver"),
    path("vehicles/<int:pk>/remove/", fleet.remove_vehicle, name="remove_vehicle"),
    path("drivers/<int:pk>/remove/", fleet.remove_driver, name="remove_driver"),
]

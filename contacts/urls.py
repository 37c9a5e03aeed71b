"""Which page about posts answers which address?"""

from django.urls import path

from contacts.views import posts as views

app_name = "contacts"

urlpatterns = [
    path("", views.posts, name="posts"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.post, name="post"),
    path("<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<int:pk>/<slug:what>/", views.end, name="end"),
]

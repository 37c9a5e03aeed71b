"""Which page about posts answers which address?"""

from django.urls import path

from contacts.views import posts as views

app_name = "contacts"

urlpatterns = [
    path("posts/", views.posts, name="posts"),
    path("posts/new/", views.new, name="new"),
    path("posts/<int:pk>/", views.post, name="post"),
    path("posts/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("posts/<int:pk>/<slug:what>/", views.end, name="end"),
]

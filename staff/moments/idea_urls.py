"""Addresses of the idea bank."""

from django.urls import path

from staff.moments import idea_views as views

urlpatterns = [
    path("", views.ideas, name="ideas"),
    path("new/", views.idea_new, name="idea_new"),
    path("steal/<int:pk>/", views.idea_steal, name="idea_steal"),
    path("starters/<slug:key>/", views.idea_starter, name="idea_starter"),
    path("<int:pk>/", views.idea, name="idea"),
    path("<int:pk>/change/", views.idea_change, name="idea_change"),
    path("<int:pk>/kit/", views.idea_kit, name="idea_kit"),
    path("<int:pk>/retire/", views.idea_retire, name="idea_retire"),
    path("<int:pk>/back/", views.idea_bring_back, name="idea_bring_back"),
    path("<int:pk>/pin/", views.idea_pin, name="idea_pin"),
    path("<int:pk>/unpin/", views.idea_unpin, name="idea_unpin"),
]

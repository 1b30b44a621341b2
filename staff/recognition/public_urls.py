"""Addresses that open without a login; the token is the key."""

from django.urls import path

from staff.recognition import public_views

urlpatterns = [
    path("wall/<str:token>/", public_views.wall, name="wall"),
    path("wall/<str:token>/stories/", public_views.wall_stories, name="wall_stories"),
    path("wall/<str:token>/photo/<int:pk>/", public_views.wall_photo, name="wall_photo"),
    path("digest/<str:token>/", public_views.digest_off, name="digest_off"),
]

"""Addresses of this room."""

from django.urls import path

from delight.outbox import views

urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("release/", views.sending_release, name="sending_release"),
    path("stop/", views.sending_stop, name="sending_stop"),
]

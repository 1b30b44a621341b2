"""Addresses of this room."""

from django.urls import path

from delight.outbox import views

urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("release/", views.mail_release, name="mail_release"),
    path("stop/", views.mail_stop, name="mail_stop"),
]

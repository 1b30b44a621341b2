"""Addresses of this room."""

from django.urls import path

from delight.organisation import views

urlpatterns = [
    path("", views.organisation, name="organisation"),
    path("holidays/", views.holidays, name="holidays"),
    path("holidays/<int:pk>/remove/", views.holiday_remove, name="holiday_remove"),
]

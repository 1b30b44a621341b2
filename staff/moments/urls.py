"""Addresses of the moments."""

from django.urls import path

from staff.moments import views

urlpatterns = [
    path("", views.moments, name="moments"),
]

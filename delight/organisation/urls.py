"""Addresses of this room."""

from django.urls import path

from delight.organisation import audit_views, views

urlpatterns = [
    path("", views.organisation, name="organisation"),
    path("audit/", audit_views.audit_page, name="audit"),
    path("audit/file/", audit_views.audit_file, name="audit_file"),
    path("holidays/", views.holidays, name="holidays"),
    path("holidays/<int:pk>/remove/", views.holiday_remove, name="holiday_remove"),
]

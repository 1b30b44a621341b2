"""Addresses of the visits."""

from django.urls import path

from delight.customers.memory.views import brief
from delight.customers.visits import source_views, views

urlpatterns = [
    path("", views.visits, name="visits"),
    path("brief/", brief, name="brief"),
    path("<int:pk>/", views.visit, name="visit"),
    path("<int:pk>/state/", views.visit_state, name="visit_state"),
    path("<int:pk>/remove/", views.visit_remove, name="visit_remove"),
    path("<int:pk>/customer/", views.visit_customer, name="visit_customer"),
    path("plan/", views.visit_plan_whom, name="visit_plan_whom"),
    path("plan/<int:pk>/", views.visit_plan, name="visit_plan"),
    path("here/<int:pk>/", views.visit_here, name="visit_here"),
    path("calendars/", source_views.calendars, name="calendars"),
    path("calendars/<int:pk>/", source_views.calendar, name="calendar"),
    path("calendars/<int:pk>/read/", source_views.calendar_read, name="calendar_read"),
    path("calendars/<int:pk>/stop/", source_views.calendar_stop, name="calendar_stop"),
    path("files/", source_views.visit_files, name="visit_files"),
    path("files/<int:pk>/", source_views.visit_file, name="visit_file"),
    path("files/<int:pk>/take/", source_views.visit_file_take, name="visit_file_take"),
]

"""Addresses of the occasions and their trials."""

from django.urls import path

from staff.moments import occasion_views, trial_views

urlpatterns = [
    path("", occasion_views.occasions, name="occasions"),
    path("<int:pk>/state/", occasion_views.occasion_state, name="occasion_state"),
    path("trials/", trial_views.trials, name="trials"),
    path("trials/start/", trial_views.trial_start, name="trial_start"),
    path("trials/<int:pk>/stop/", trial_views.trial_stop, name="trial_stop"),
]

"""Address of the staff pulse."""

from django.urls import path

from staff.wins import pulse_views

urlpatterns = [path("", pulse_views.pulse_page, name="pulse")]

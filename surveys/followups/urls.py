"""Addresses of this room."""

from django.urls import path

from surveys.followups import views

urlpatterns = [
    path("", views.follow_ups, name="follow_ups"),
    path("<int:pk>/", views.follow_up, name="follow_up"),
    path("<int:pk>/close/", views.follow_up_close, name="follow_up_close"),
    path("<int:pk>/assign/", views.follow_up_assign, name="follow_up_assign"),
]

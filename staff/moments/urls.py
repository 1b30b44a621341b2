"""Addresses of the moments."""

from django.urls import path

from staff.moments import quick, views

urlpatterns = [
    path("", views.moments, name="moments"),
    path("new/", quick.moment_new, name="moment_new"),
    path("whom/", quick.moment_whom, name="moment_whom"),
    path("line/", quick.moment_line, name="moment_line"),
    path("<int:pk>/", views.moment, name="moment"),
    path("<int:pk>/change/", quick.moment_change, name="moment_change"),
    path("<int:pk>/withdraw/", views.moment_withdraw, name="moment_withdraw"),
    path("<int:pk>/reaction/", views.moment_reaction, name="moment_reaction"),
    path("<int:pk>/told/", views.moment_told, name="moment_told"),
    path("<int:pk>/photo/", views.moment_photo, name="moment_photo"),
    path("<int:pk>/receipt/", views.moment_receipt, name="moment_receipt"),
]

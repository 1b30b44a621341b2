"""Addresses of issues."""

from django.urls import path

from delight.programme import views

urlpatterns = [
    path("", views.issues, name="issues"),
    path("new/", views.issue_new, name="issue_new"),
    path("<int:pk>/", views.issue, name="issue"),
    path("<int:pk>/answer/", views.issue_answer, name="issue_answer"),
    path("<int:pk>/hand/", views.issue_hand, name="issue_hand"),
    path("<int:pk>/reopen/", views.issue_reopen, name="issue_reopen"),
]

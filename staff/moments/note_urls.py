"""Addresses of personal notes; those below /n/ are the customers'."""

from django.urls import path, re_path

from staff.moments import note_views as views

urlpatterns = [
    path("n/<str:token>/", views.note_unsubscribe, name="note_unsubscribe"),
    path("n/<str:token>/undo/<str:undo>/", views.note_unsubscribe_undo, name="note_unsubscribe_undo"),
    re_path(r"^n/", views.note_cut_link, name="note_cut_link"),
    path("notes/new/<int:pk>/", views.note_new, name="note_new"),
    path("notes/stop/<int:pk>/", views.note_stop, name="note_stop"),
    path("notes/resume/<int:pk>/", views.note_resume, name="note_resume"),
]

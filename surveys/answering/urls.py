from django.urls import path, re_path

from surveys.answering import public, views

urlpatterns = [
    path("a/<str:token>/", public.answer_page, name="answer_page"),
    path("a/<str:token>/more/", public.hidden_page, name="hidden_page"),
    path("u/<str:token>/", public.unsubscribe_page, name="unsubscribe"),
    path("u/<str:token>/again/", public.unsubscribe_again, name="unsubscribe_again"),
    path("u/<str:token>/undo/<str:undo>/", public.unsubscribe_undo, name="unsubscribe_undo"),
    re_path(r"^[au]/", public.cut_link, name="cut_link"),
    path("answers/", views.answer_list, name="answers"),
    path("answers/<int:pk>/", views.answer, name="answer"),
    path("answers/<int:pk>/check/", views.answer_check, name="answer_check"),
    path("answers/<int:pk>/count/", views.answer_count, name="answer_count"),
    path("answers/unsubscribed/<int:pk>/check/", views.unsubscription_check, name="unsubscription_check"),
]

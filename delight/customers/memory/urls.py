"""Addresses of a customer's memory, below the customer's."""

from django.urls import path

from delight.customers.memory import views

urlpatterns = [
    path("", views.memory, name="memory"),
    path("<int:fact_pk>/change/", views.fact_change, name="fact_change"),
    path("<int:fact_pk>/confirm/", views.fact_confirm, name="fact_confirm"),
    path("<int:fact_pk>/pin/", views.fact_pin, name="fact_pin"),
    path("<int:fact_pk>/remove/", views.fact_remove, name="fact_remove"),
    path("<int:fact_pk>/bring-back/", views.fact_bring_back, name="fact_bring_back"),
    path("ask/", views.next_time_new, name="next_time_new"),
    path("ask/<int:question_pk>/", views.next_time_answer, name="next_time_answer"),
    path("ask/<int:question_pk>/keep/", views.next_time_keep, name="next_time_keep"),
    path("ask/<int:question_pk>/drop/", views.next_time_drop, name="next_time_drop"),
]

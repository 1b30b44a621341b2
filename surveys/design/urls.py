from django.urls import path

from surveys.design import views

urlpatterns = [
    path("", views.survey_list, name="surveys"),
    path("new/", views.survey_new, name="survey_new"),
    path("<int:pk>/", views.survey_page, name="survey"),
]

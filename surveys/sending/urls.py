from django.urls import path

from surveys.sending import views

urlpatterns = [
    path("", views.sending_list, name="sendings"),
    path("new/<int:survey_pk>/", views.sending_new, name="sending_new"),
    path("new/<int:survey_pk>/mail/<str:language>/", views.sending_mail, name="sending_mail"),
    path("<int:pk>/", views.sending_page, name="sending"),
    path("<int:pk>/stop/", views.sending_stop, name="sending_stop"),
]

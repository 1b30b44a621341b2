"""Addresses of this room."""

from django.urls import path

from delight.front import health, installing, leaving, mailbox, views

urlpatterns = [
    path("", views.home, name="home"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/suppress/", views.customer_suppress, name="customer_suppress"),
    path("customers/<int:pk>/lift/", views.customer_lift, name="customer_lift"),
    path("help/", views.help_page, name="help"),
    path("people/<int:pk>/close/", leaving.person_deactivate, name="person_deactivate"),
    path("healthz", health.healthz, name="healthz"),
    path("healthz/worker", health.healthz_worker, name="healthz_worker"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service_worker"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:mail_id>/", mailbox.mailbox_mail, name="mailbox_mail"),
    path("mailbox/<str:mail_id>/html", mailbox.mailbox_html, name="mailbox_html"),
]

"""Addresses of this room."""

from django.urls import path

from delight.front import (
    health,
    help,
    installing,
    leaving,
    mailbox,
    own_company_views,
    rights_views,
    rooms_views,
    search,
    setup_views,
    views,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/suppress/", views.customer_suppress, name="customer_suppress"),
    path("customers/<int:pk>/lift/", views.customer_lift, name="customer_lift"),
    path("customers/<int:pk>/export/", rights_views.customer_export, name="customer_export"),
    path("customers/<int:pk>/erase/", rights_views.customer_erase, name="customer_erase"),
    path("me/data/", rights_views.my_data, name="my_data"),
    path("me/data/file/", rights_views.my_data_file, name="my_data_file"),
    path("help/", help.help_page, name="help"),
    path("help/<slug:slug>/", help.help_topic, name="help_topic"),
    path("search/", search.search_page, name="search"),
    path("path/", rooms_views.path_page, name="path"),
    path("organisation/rooms/", rooms_views.rooms_page, name="rooms"),
    path("setup/", setup_views.set_up, name="setup"),
    path("setup/finish/", setup_views.set_up_finish, name="setup_finish"),
    path("setup/mail/", setup_views.set_up_mail, name="setup_mail"),
    path("setup/mail/<str:token>/", setup_views.set_up_mail_arrived, name="setup_mail_arrived"),
    path("setup/outside/", setup_views.set_up_outside, name="setup_outside"),
    path("setup/seen/<str:token>/", setup_views.set_up_seen, name="setup_seen"),
    path("own-company/", own_company_views.own_company, name="own_company"),
    path("people/<int:pk>/close/", leaving.person_deactivate, name="person_deactivate"),
    path("healthz", health.healthz, name="healthz"),
    path("healthz/worker", health.healthz_worker, name="healthz_worker"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service_worker"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:mail_id>/", mailbox.mailbox_mail, name="mailbox_mail"),
    path("mailbox/<str:mail_id>/html", mailbox.mailbox_html, name="mailbox_html"),
]

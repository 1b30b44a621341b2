"""Addresses of this room."""

from django.urls import include, path

from delight.customers import import_views, merge_views, views

urlpatterns = [
    path("", views.customers, name="customers"),
    path("known/", views.customer_known, name="customer_known"),
    path("new/", views.customer_new, name="customer_new"),
    path("<int:pk>/edit/", views.customer_edit, name="customer_edit"),
    path("<int:pk>/memory/", include("delight.customers.memory.urls")),
    path("companies/", views.accounts, name="accounts"),
    path("companies/new/", views.account_new, name="account_new"),
    path("companies/<int:pk>/edit/", views.account_edit, name="account_edit"),
    path("segments/", views.segments, name="segments"),
    path("segments/<int:pk>/", views.segment_edit, name="segment_edit"),
    path("duplicates/", merge_views.duplicates, name="duplicates"),
    path("duplicates/<int:one>/<int:other>/", merge_views.merge, name="merge"),
    path("duplicates/<int:one>/<int:other>/two-people/", merge_views.two_people, name="two_people"),
    path("import/", import_views.import_upload, name="import_upload"),
    path("import/<int:pk>/", import_views.import_page, name="import"),
    path("import/<int:pk>/columns/", import_views.import_columns, name="import_columns"),
    path("import/<int:pk>/start/", import_views.import_start, name="import_start"),
    path("import/<int:pk>/problems/", import_views.import_problems, name="import_problems"),
    path("import/<int:pk>/problems/file/", import_views.import_problems_file, name="import_problems_file"),
]

"""Addresses of this room."""

from django.urls import path

from staff.budget import approval_views, file_views, gift_views, people_views, views

urlpatterns = [
    path("", views.budget, name="budget"),
    path("closed/<int:pk>/reply/", views.budget_reply, name="budget_reply"),
    path("people/", people_views.budgets, name="budgets"),
    path("people/<int:pk>/", people_views.person_budget, name="person_budget"),
    path("people/<int:pk>/sum/", people_views.budget_sum, name="budget_sum"),
    path("people/<int:pk>/extra/", people_views.budget_extra, name="budget_extra"),
    path("people/<int:pk>/close/", people_views.budget_close, name="budget_close"),
    path("closed/<int:pk>/renew/", people_views.budget_renew, name="budget_renew"),
    path("closed/<int:pk>/lift/", people_views.budget_lift, name="budget_lift"),
    path("approvals/", approval_views.approvals, name="approvals"),
    path("approvals/<int:pk>/approve/", approval_views.approval_approve, name="approval_approve"),
    path("approvals/<int:pk>/decline/", approval_views.approval_decline, name="approval_decline"),
    path("gifts/", gift_views.gifts, name="gifts"),
    path("file/", file_views.budget_file, name="budget_file"),
    path("settings/", views.budget_settings, name="budget_settings"),
    path("settings/sums/", views.budget_role_sums, name="budget_role_sums"),
]

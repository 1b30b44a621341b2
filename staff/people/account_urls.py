"""The few of allauth's pages that this house has: no sign-up, no second address, no other ways to log in."""

from allauth.account import views as account
from django.urls import path, re_path, reverse_lazy
from django.views.generic import RedirectView

from staff.people import account_views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    # allauth sends somebody who never had a password here: the way to a first one is the mail.
    path(
        "password/set/",
        RedirectView.as_view(url=reverse_lazy("account_reset_password")),
        name="account_set_password",
    ),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sessions/", account_views.sessions, name="usersessions_list"),
]

"""The few of allauth's pages that this house has: no sign-up, no second address."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import path, re_path, reverse_lazy
from django.views.generic import RedirectView

from staff.people import account_openid, account_step_views, account_views

urlpatterns = [
    path("login/", account_views.login, name="account_login"),
    path("login/second-step/", account_step_views.Authenticate.as_view(), name="mfa_authenticate"),
    path("login/passkey/", account_step_views.LoginByPasskey.as_view(), name="mfa_login_webauthn"),
    path("login/company/", account_openid.login, name="openid_login"),
    path("login/company/back/", account_openid.callback, name="openid_callback"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        account_step_views.ReauthenticateByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
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
    path("second-step/", account_step_views.index, name="mfa_index"),
    path("second-step/app/", account_step_views.AddCodeApp.as_view(), name="mfa_activate_totp"),
    path("second-step/app/remove/", account_step_views.RemoveCodeApp.as_view(), name="mfa_deactivate_totp"),
    path("second-step/passkey/", account_step_views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "second-step/passkeys/<int:pk>/remove/",
        account_step_views.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("second-step/codes/", account_step_views.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-step/codes/file/", account_step_views.recovery_codes_file, name="mfa_download_recovery_codes"),
    path("second-step/codes/new/", account_step_views.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("second-step/of/<int:pk>/remove/", account_step_views.remove_of_person, name="second_step_remove"),
]

"""Addresses of this room."""

from django.urls import path

from staff.people import address_views, codes, desk_views, join, views

urlpatterns = [
    path("join/<str:token>/", join.join, name="join"),
    path("me/", views.profile, name="profile"),
    path("me/address/", address_views.own_address, name="own_address"),
    path("me/address/<str:token>/", address_views.confirm_address, name="confirm_address"),
    path("me/pin/", desk_views.own_pin, name="own_pin"),
    path("desk/", desk_views.desk, name="desk"),
    path("people/desk-awake/", desk_views.desk_awake, name="desk_awake"),
    path("desk/<int:pk>/", desk_views.desk_pin, name="desk_pin"),
    path("people/", views.team_list, name="team_list"),
    path("people/teams/new/", views.team_new, name="team_new"),
    path("people/teams/<int:pk>/", views.team, name="team"),
    path("people/teams/<int:pk>/edit/", views.team_edit, name="team_edit"),
    path("people/teams/<int:pk>/shared-device/", desk_views.desk_new, name="desk_new"),
    path("people/desks/<int:pk>/end/", desk_views.desk_revoke, name="desk_revoke"),
    path("people/invite/", views.invite_person, name="invite_person"),
    path("people/invitations/<int:pk>/withdraw/", codes.join_revoke, name="join_revoke"),
    path("people/invitations/<int:pk>/again/", codes.join_again, name="join_again"),
    path("people/invitations/<int:pk>/code/", codes.join_code, name="join_code"),
    path("people/places/<int:pk>/", views.membership_change, name="membership_change"),
    path("people/places/<int:pk>/end/", views.membership_end, name="membership_end"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/team/", views.membership_new, name="membership_new"),
    path("people/<int:pk>/password-link/", codes.person_password_link, name="person_password_link"),
    path("people/<int:pk>/pin/", desk_views.pin_open, name="pin_open"),
    path("people/<int:pk>/open/", views.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/sponsor/", views.sponsor_on, name="sponsor_on"),
    path("people/<int:pk>/no-sponsor/", views.sponsor_off, name="sponsor_off"),
]

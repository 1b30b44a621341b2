"""Addresses of this room."""

from django.urls import path

from staff.people import join, views

urlpatterns = [
    path("join/<str:token>/", join.join, name="join"),
    path("me/", views.profile, name="profile"),
    path("people/", views.team_list, name="team_list"),
    path("people/teams/new/", views.team_new, name="team_new"),
    path("people/teams/<int:pk>/", views.team, name="team"),
    path("people/teams/<int:pk>/edit/", views.team_edit, name="team_edit"),
    path("people/invite/", views.invite_person, name="invite_person"),
    path("people/invitations/<int:pk>/withdraw/", views.join_revoke, name="join_revoke"),
    path("people/invitations/<int:pk>/again/", views.join_again, name="join_again"),
    path("people/places/<int:pk>/", views.membership_change, name="membership_change"),
    path("people/places/<int:pk>/end/", views.membership_end, name="membership_end"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/team/", views.membership_new, name="membership_new"),
    path("people/<int:pk>/close/", views.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/open/", views.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/sponsor/", views.sponsor_on, name="sponsor_on"),
    path("people/<int:pk>/no-sponsor/", views.sponsor_off, name="sponsor_off"),
]

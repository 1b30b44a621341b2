"""Addresses of the wins meetings."""

from django.urls import path

from staff.wins import meeting_views, views

urlpatterns = [
    path("", views.wins, name="wins"),
    path("calendar/<str:token>.ics", views.wins_calendar, name="wins_calendar"),
    path("teams/<int:pk>/", views.wins_next, name="wins_next"),
    path("teams/<int:pk>/mine/", views.wins_mine, name="wins_mine"),
    path("teams/<int:pk>/plan/", views.wins_plan, name="wins_plan"),
    path("teams/<int:pk>/stop/", views.wins_stop, name="wins_stop"),
    path("teams/<int:pk>/link/", views.wins_link, name="wins_link"),
    path("actions/<int:pk>/", views.wins_action, name="wins_action"),
    path("turns/<int:pk>/mark/", meeting_views.wins_turn, name="wins_turn"),
    path("turns/<int:pk>/make/", meeting_views.wins_turn_make, name="wins_turn_make"),
    path("items/<int:pk>/mark/", meeting_views.wins_item, name="wins_item"),
    path("items/<int:pk>/note/", meeting_views.wins_item_note, name="wins_item_note"),
    path("items/<int:pk>/move/", meeting_views.wins_item_move, name="wins_item_move"),
    path("items/<int:pk>/action/", meeting_views.wins_item_action, name="wins_item_action"),
    path("items/<int:pk>/idea/", meeting_views.wins_item_idea, name="wins_item_idea"),
    path("items/<int:pk>/issue/", meeting_views.wins_item_issue, name="wins_item_issue"),
    path("<int:pk>/", meeting_views.wins_meeting, name="wins_meeting"),
    path("<int:pk>/live/", meeting_views.wins_live, name="wins_live"),
    path("<int:pk>/begin/", meeting_views.wins_begin, name="wins_begin"),
    path("<int:pk>/unbegin/", meeting_views.wins_unbegin, name="wins_unbegin"),
    path("<int:pk>/reopen/", meeting_views.wins_reopen, name="wins_reopen"),
    path("<int:pk>/end/", meeting_views.wins_end, name="wins_end"),
    path("<int:pk>/leader/", meeting_views.wins_leader, name="wins_leader"),
    path("<int:pk>/add/", meeting_views.wins_add, name="wins_add"),
    path("<int:pk>/obstacle/", meeting_views.wins_obstacle, name="wins_obstacle"),
]

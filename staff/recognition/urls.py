"""Addresses of this room, for those who are signed in."""

from django.urls import path

from staff.recognition import act_views, manage_views, views

urlpatterns = [
    path("", views.feed, name="feed"),
    path("new/", views.recognition_new, name="recognition_new"),
    path("who/", views.recognition_who, name="recognition_who"),
    path("spotlight/", views.spotlight_new, name="spotlight_new"),
    path("treat/", views.treat_new, name="treat_new"),
    path("<int:pk>/", views.recognition, name="recognition"),
    path("<int:pk>/react/", act_views.recognition_react, name="recognition_react"),
    path("<int:pk>/comment/", act_views.recognition_comment, name="recognition_comment"),
    path("<int:pk>/withdraw/", act_views.recognition_withdraw, name="recognition_withdraw"),
    path("treats/<int:pk>/agree/", act_views.treat_agree, name="treat_agree"),
    path("comments/<int:pk>/remove/", act_views.comment_remove, name="comment_remove"),
    path("drafts/", manage_views.drafts, name="drafts"),
    path("drafts/<int:pk>/", manage_views.draft_decide, name="draft_decide"),
    path("quiet/", manage_views.quiet, name="quiet"),
    path("values/", manage_views.values, name="values"),
    path("values/<int:pk>/retire/", manage_views.value_retire, name="value_retire"),
    path("taste/", manage_views.taste, name="taste"),
    path("walls/", manage_views.walls, name="walls"),
    path("walls/<int:pk>/", manage_views.wall_link, name="wall_link"),
    path("walls/<int:pk>/off/", manage_views.wall_revoke, name="wall_revoke"),
]

"""The pages around the meetings: all of them, a team's next one, its plan, what somebody will tell, the calendar."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.people.access import managed_team_ids
from staff.people.models import Team, User
from staff.people.requests import SignedInRequest
from staff.wins import actions, meetings, running, searching, showing
from staff.wins.access import (
    get_action_to_close_for,
    get_own_team_for,
    get_plan_by_token,
    get_team_to_plan_for,
    get_team_with_plan_for,
    is_member,
    may_plan,
    plan_of,
)
from staff.wins.agenda import agenda_for, own_moments, stories_left
from staff.wins.calendars import calendar_of
from staff.wins.forms import DoForm, PickForm, PlanForm, SearchForm
from staff.wins.models import MeetingPlan, Turn, WinsMeeting
from staff.wins.times import coming, last_ended

PAGE = 50
POST_OR_BACK = ["GET", "HEAD", "POST"]


@require_safe
def wins(request: SignedInRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words = form.searched
    page = Paginator(searching.history_for(request.user, words), PAGE).get_page(request.GET.get("page"))
    searching.with_lines(page.object_list, words)
    teams = showing.teams_of(request.user)
    context = {
        "form": form,
        "words": words,
        "query": urlencode({"words": words}) if words else "",
        "page_obj": page,
        "teams": teams,
        "several": len(teams) > 1,
        "plans": managed_team_ids(request.user),
        "today": timezone.localdate(),
        "actions": [] if words else showing.team_actions(request.user, PAGE),
    }
    return render(request, "wins/wins.html", context)


@require_http_methods(POST_OR_BACK)
def wins_next(request: SignedInRequest, pk: int) -> HttpResponse:
    """The team's next meeting as it would be made now; the button makes it."""
    team, plan = get_team_with_plan_for(request.user, pk)
    made = meetings.open_meeting(team)
    if request.method == "POST" and plan is not None:
        made = meetings.prepare_meeting(team)
    if made is not None:
        return redirect("wins_meeting", made.pk)
    if plan is None:
        return redirect("wins_plan", pk) if may_plan(request.user, team) else redirect("wins")
    meeting = meetings.unwritten(team, plan)
    lines, first = agenda_for(meeting), showing.SHOWN_FIRST
    context = {
        "meeting": meeting, "more": lines[:first], "rest": lines[first:], "may_tell": is_member(request.user, team),
    }  # fmt: skip
    return render(request, "wins/next.html", context)


@require_http_methods(POST_OR_BACK)
def wins_plan(request: SignedInRequest, pk: int) -> HttpResponse:
    team = get_team_to_plan_for(request.user, pk)
    plan = MeetingPlan.objects.filter(team=team).first()
    form = PlanForm(request.POST or None, instance=plan)
    if request.method == "POST" and form.is_valid():
        there = meetings.open_meeting(team)
        plan = meetings.set_plan(by=request.user, team=team, **form.cleaned_data)
        messages.success(request, _saved_words(there, meetings.prepare_if_near(plan)))
        return redirect("wins_plan", pk)
    stands = plan is not None and plan.stopped_at is None
    feed = settings.BASE_URL + reverse("wins_calendar", args=[meetings.calendar_token(plan)]) if plan and stands else ""
    paused_at = plan.stopped_at if plan and not stands else None
    context = {"team": team, "form": form, "plan": plan if stands else None, "paused_at": paused_at, "feed": feed}
    return render(request, "wins/plan.html", context, status=422 if form.is_bound else 200)


def _saved_words(there: WinsMeeting | None, coming: WinsMeeting) -> str:
    """When it meets next, and what mail goes out for it: one that is made has had its own, if it was not moved."""
    facts = {"day": date_format(timezone.localtime(coming.starts_at), "DATETIME_FORMAT")}
    if coming.state == WinsMeeting.State.RUNNING:
        return _("Saved. It counts from the next meeting; one is running now.")
    if coming.starts_at - timezone.now() > meetings.MAIL_AHEAD:
        return _("Saved. The next meeting is on %(day)s; everybody gets a mail the day before.") % facts
    if there is None or there.pk != coming.pk or there.starts_at != coming.starts_at:
        return _("Saved. The next meeting is on %(day)s. That is soon: everybody gets a mail about it now.") % facts
    return _("Saved. The next meeting is on %(day)s; no further mail goes out for it.") % facts


@require_POST
def wins_stop(request: SignedInRequest, pk: int) -> HttpResponse:
    team = get_team_to_plan_for(request.user, pk)
    if meetings.stop_plan(by=request.user, team=team):
        messages.success(request, _("Meetings are paused. What is on the agenda waits for the next one."))
    return redirect("wins")


@require_POST
def wins_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another link for the calendar; whoever has the old one sees nothing any more."""
    team = get_team_to_plan_for(request.user, pk)
    if plan := plan_of(team):
        meetings.new_calendar_link(by=request.user, plan=plan)
        messages.success(request, _("There is a new link; the old one leads nowhere."))
    return redirect("wins_plan", pk)


@require_http_methods(POST_OR_BACK)
def wins_mine(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pick one to tell. The first who does so makes the meeting."""
    team = get_own_team_for(request.user, pk)
    moments = own_moments(team, request.user, last_ended(team))
    made = meetings.open_meeting(team)
    initial = _picked_so_far(request.user, made) or _left(request.user, team)
    form = PickForm(request.POST or None, moments=moments, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _picked(request, team, form)
    context = {"team": team, "form": form, "starts_at": made.starts_at if made else coming(team.meeting_plan)}
    return render(request, "wins/mine.html", context, status=422 if form.is_bound else 200)


def _picked_so_far(user: User, made: WinsMeeting | None) -> dict[str, Any]:
    turn = Turn.objects.filter(meeting=made, user=user).first() if made else None
    if turn is None:
        return {}
    return {"moment": turn.moment_id, "story": turn.story, "is_absent": turn.state == Turn.State.ABSENT}


def _left(user: User, team: Team) -> dict[str, Any]:
    """A story that the last meeting did not come to."""
    turn = stories_left(last_ended(team)).get(user.pk)
    return {"moment": turn.moment_id, "story": turn.story} if turn else {}


def _picked(request: SignedInRequest, team: Team, form: PickForm) -> HttpResponse:
    meeting = meetings.prepare_meeting(team)
    turn = Turn.objects.filter(meeting=meeting, user=request.user).select_related("meeting").first()
    if turn is not None and running.prepare_turn(by=request.user, turn=turn, **form.picked):
        messages.success(request, _picked_words(form))
    else:
        messages.warning(request, _("Your turn is over already."))
    return redirect("wins_meeting", meeting.pk)


def _picked_words(form: PickForm) -> str:
    if form.has_story:
        return _("Noted. It is on the agenda.")
    if form.picked["is_absent"]:
        return _("Noted: you will not be there, and there is nothing to read out for you.")
    return _("Saved. You have picked nothing to tell so far; you still have your turn.")


@never_cache
@login_not_required
@require_safe
def wins_calendar(request: HttpRequest, token: str) -> HttpResponse:
    plan = get_plan_by_token(token)
    return HttpResponse(calendar_of(plan), content_type="text/calendar; charset=utf-8")


@require_POST
def wins_action(request: SignedInRequest, pk: int) -> HttpResponse:
    """Done, not to be done any more, or not done after all."""
    action = get_action_to_close_for(request.user, pk)
    form = DoForm(request.POST)
    if not form.is_valid():
        raise BadRequest("say what is to be done")
    verbs = {"done": actions.finish_action, "drop": actions.drop_action, "reopen": actions.reopen_action}
    if verbs[form.cleaned_data["do"]](by=request.user, action=action):
        said = {"done": _("Done."), "drop": _("It is no longer needed."), "reopen": _("It is open again.")}
        messages.success(request, said[form.cleaned_data["do"]])
    return redirect("wins")

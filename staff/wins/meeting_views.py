"""One meeting: its page, the part that all phones share, and every button of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.moments.ideas import NothingToTake
from staff.people.access import managers_of
from staff.people.requests import SignedInRequest
from staff.wins import meetings, running, showing, turning_back
from staff.wins.access import get_item_for, get_meeting_for, get_turn_for
from staff.wins.forms import (
    ActionForm,
    AddForm,
    BeginForm,
    ItemForm,
    KindForm,
    LeaderForm,
    MoveForm,
    NoteForm,
    ObstacleForm,
    TurnForm,
)
from staff.wins.meetings import OPEN
from staff.wins.models import WinsMeeting
from staff.wins.times import is_its_day

State = WinsMeeting.State
NOTHING_NEW, WRONG = 204, 422


@require_safe
def wins_meeting(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_meeting_for(request.user, pk)
    if meeting.state not in OPEN:
        return _over(request, meeting)
    context = {**showing.live_context(request.user, meeting), "obstacle": ObstacleForm(meeting=meeting), "apart": False}
    return render(request, "wins/meeting.html", context)


def _over(request: SignedInRequest, meeting: WinsMeeting) -> HttpResponse:
    facts = showing.minutes_of(meeting)
    showing.with_rights(request.user, facts["actions"])
    may_reopen = turning_back.may_reopen(meeting)
    context = {**facts, "may_reopen": may_reopen, "obstacle": ObstacleForm(meeting=meeting)}
    return render(request, "wins/minutes.html", context)


@require_safe
def wins_live(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the phones ask for every three seconds; nothing as long as nothing has changed."""
    meeting = get_meeting_for(request.user, pk)
    if meeting.state in OPEN and request.GET.get("v") == str(meeting.version):
        return HttpResponse(status=NOTHING_NEW)
    return _shared(request, meeting)


def _shared(request: SignedInRequest, meeting: WinsMeeting) -> HttpResponse:
    """The shared part as it stands now; when the meeting is over, the whole page is loaded anew."""
    meeting.refresh_from_db()
    if meeting.state not in OPEN:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {**showing.live_context(request.user, meeting), "apart": True}
    return render(request, "wins/_shared.html", context)


def _after(request: SignedInRequest, meeting: WinsMeeting, said: str = "") -> HttpResponse:
    """With htmx the shared part comes back, else the page."""
    if request.htmx:  # type: ignore[attr-defined]
        return _shared(request, meeting)
    if said:
        messages.success(request, said)
    return redirect("wins_meeting", meeting.pk)


def _valid(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise BadRequest("the form says what it can take")
    return form.cleaned_data


# --- The meeting ------------------------------------------------------------------------------------------------


@require_POST
def wins_begin(request: SignedInRequest, pk: int) -> HttpResponse:
    """On another day than its own it is asked once."""
    meeting = get_meeting_for(request.user, pk)
    if is_its_day(meeting) or _valid(BeginForm(request.POST))["sure"]:
        running.begin_meeting(by=request.user, meeting=meeting)
    else:
        messages.warning(request, _("This is not the day of the meeting. Press “Begin it now” if it is to begin."))
    return redirect("wins_meeting", pk)


@require_POST
def wins_unbegin(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_meeting_for(request.user, pk)
    if turning_back.unbegin_meeting(by=request.user, meeting=meeting):
        messages.success(request, _("The meeting has not begun. Everything is as it was."))
    else:
        messages.warning(request, _("Something has been told or noted in it: it has begun."))
    return redirect("wins_meeting", pk)


@require_POST
def wins_end(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_meeting_for(request.user, pk)
    if running.end_meeting(by=request.user, meeting=meeting):
        messages.success(request, _("The meeting is over. The minutes go to everybody in half a minute."))
    return redirect("wins_meeting", pk)


@require_POST
def wins_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Not over yet: while the minutes wait."""
    meeting = get_meeting_for(request.user, pk)
    if turning_back.reopen_meeting(by=request.user, meeting=meeting):
        messages.success(request, _("It goes on. No minutes have gone out."))
    else:
        messages.warning(request, _("The minutes are on their way already; this meeting is over."))
    return redirect("wins_meeting", pk)


@require_POST
def wins_leader(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody else leads."""
    meeting = get_meeting_for(request.user, pk)
    facts = _valid(LeaderForm(request.POST))
    meetings.pass_lead(by=request.user, meeting=meeting, current=facts["current"] or 0, to=facts["to"])
    return _after(request, meeting)


@require_POST
def wins_add(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_meeting_for(request.user, pk)
    form = AddForm(request.POST)
    if not form.is_valid():
        return _after(request, meeting)
    try:
        item = running.add_item(by=request.user, meeting=meeting, **form.cleaned_data)
    except meetings.NotPlanned:
        messages.warning(request, _("This meeting is over, and no other one is planned."))
        return redirect("wins_meeting", pk)
    if item.meeting_id != meeting.pk:
        messages.success(request, _("This meeting is over; it is on the next one’s agenda."))
        return redirect("wins_meeting", pk)
    return _after(request, meeting, _("It is on the agenda."))


@require_POST
def wins_obstacle(request: SignedInRequest, pk: int) -> HttpResponse:
    """What got in somebody's way, from each phone."""
    meeting = get_meeting_for(request.user, pk)
    form = ObstacleForm(request.POST, meeting=meeting)
    said = ""
    if form.is_valid():
        running.raise_obstacle(by=request.user, meeting=meeting, **form.cleaned_data)
        said, form = _("Noted. It has an answer coming, shown in the next meetings."), ObstacleForm(meeting=meeting)
    if request.htmx:  # type: ignore[attr-defined]
        context = {"meeting": meeting, "obstacle": form, "said": said}
        return render(request, "wins/_obstacle.html", context)
    if said:
        messages.success(request, said)
    else:
        messages.warning(request, _("Say in a few words what got in your way."))
    return redirect("wins_meeting", pk)


# --- Turns and items --------------------------------------------------------------------------------------------


@require_POST
def wins_turn(request: SignedInRequest, pk: int) -> HttpResponse:
    """A press on the card of whoever tells; a note that stands typed there is kept with it."""
    turn = get_turn_for(request.user, pk)
    facts = _valid(TurnForm(request.POST))
    if text := facts.pop("text"):
        running.note_turn(by=request.user, turn=turn, text=text)
    running.move_turn(by=request.user, turn=turn, **facts)
    return _after(request, turn.meeting)


@require_POST
def wins_turn_make(request: SignedInRequest, pk: int) -> HttpResponse:
    """Something is to be made of a story in somebody's own words: the buttons for it come then."""
    turn = get_turn_for(request.user, pk)
    running.stand_for_story(by=request.user, turn=turn)
    return _after(request, turn.meeting)


@require_POST
def wins_item(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item_for(request.user, pk)
    facts = _valid(ItemForm(request.POST))
    if text := facts.pop("text"):
        running.add_note(by=request.user, to=item, text=text)
    running.mark_item(by=request.user, item=item, **facts)
    return _after(request, item.meeting)


@require_POST
def wins_item_note(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item_for(request.user, pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        running.add_note(by=request.user, to=item, text=form.cleaned_data["text"])
    return _after(request, item.meeting)


@require_POST
def wins_item_move(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item_for(request.user, pk)
    running.move_item(by=request.user, item=item, to=_valid(MoveForm(request.POST))["to"])
    return _after(request, item.meeting)


@require_POST
def wins_item_action(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item_for(request.user, pk)
    form = ActionForm(request.POST, meeting=item.meeting)
    return _made(request, item, form, lambda facts: running.make_item_action(by=request.user, item=item, **facts))


@require_POST
def wins_item_issue(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item_for(request.user, pk)
    owner = managers_of(item.meeting.team).first()
    form = KindForm(request.POST)
    return _made(
        request, item, form, lambda facts: running.make_item_issue(by=request.user, item=item, owner=owner, **facts)
    )


def _made(request: SignedInRequest, item: Any, form: forms.Form, make: Callable[[dict[str, Any]], Any]) -> HttpResponse:
    if form.is_valid():
        try:
            make(form.cleaned_data)
        except NothingToTake:
            form.add_error(None, forms.Field.default_error_messages["required"])
        else:
            return _after(request, item.meeting, _("Noted."))
    wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(wrong, status=WRONG, content_type="text/plain")  # the page stays, and what is typed in it
    messages.warning(request, wrong)
    return redirect("wins_meeting", item.meeting_id)


def _reload() -> HttpResponse:
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
def wins_item_idea(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item_for(request.user, pk)
    try:
        running.make_item_idea(by=request.user, item=item)
    except NothingToTake:
        messages.warning(request, _("There are no words to make an idea of. Add it in your own."))
        return _reload() if request.htmx else redirect("wins_meeting", item.meeting_id)  # type: ignore[attr-defined]
    return _after(request, item.meeting, _("It is in the bank."))

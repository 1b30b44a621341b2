"""People, teams, and one's own page."""

from copy import copy

from django.contrib import messages
from django.db.models import F, Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from staff.people import access, desk_limits, services
from staff.people.addresses import claim_of
from staff.people.forms import InviteForm, PlaceForm, ProfileForm, TeamForm
from staff.people.models import Membership, User
from staff.people.requests import SignedInRequest

# --- Teams ------------------------------------------------------------------------------------------------------


def team_list(request: SignedInRequest) -> HttpResponse:
    members = Membership.objects.now().filter(user__is_active=True).select_related("user").order_by("user__sort_key")
    teams = access.teams_visible_to(request.user).prefetch_related(Prefetch("memberships", members, "members"))
    return render(request, "people/team_list.html", {**_people_context(request.user), "teams": teams})


def _people_context(user: User) -> dict[str, object]:
    """What the list shows besides teams: who is asked to join, and for a sponsor who is in no team."""
    manages = access.is_manager(user)
    teamless = User.objects.none()
    if user.is_sponsor:
        teamless = User.objects.exclude(pk__in=Membership.objects.now().values("user_id"))
    return {
        "manages": manages,
        "invitations": access.invitations_visible_to(user).select_related("team") if manages else [],
        "outside": [person for person in teamless if person.is_active],
        "left": [person for person in teamless if not person.is_active],
    }


def team(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = access.get_team_for(request.user, pk)
    members = Membership.objects.now().filter(team=shown, user__is_active=True).select_related("user")
    manages = shown.pk in access.managed_team_ids(request.user)
    context = {"team": shown, "members": members.order_by("user__sort_key"), "manages": manages}
    context["invitations"] = access.invitations_visible_to(request.user).filter(team=shown) if manages else []
    context["desks"] = shown.desks.filter(revoked_at=None) if manages else []
    return render(request, "people/team.html", context)


def team_new(request: SignedInRequest) -> HttpResponse:
    access.require_sponsor(request.user)
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.create_team(by=request.user, **form.cleaned_data)
        messages.success(request, _("The team is there. Now invite its people."))
        return redirect("team", made.pk)
    return render(request, "people/team_form.html", {"form": form, "team": None})


def team_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    edited = access.get_managed_team_for(request.user, pk)
    name = edited.name
    form = TeamForm(request.POST or None, instance=edited)
    if request.method == "POST" and form.is_valid():
        services.rename_team(by=request.user, team=edited, **form.cleaned_data)
        messages.success(request, _("The team is saved."))
        return redirect("team", pk)
    return render(request, "people/team_form.html", {"form": form, "team": edited, "name": name})


# --- Invitations ------------------------------------------------------------------------------------------------


def invite_person(request: SignedInRequest) -> HttpResponse:
    access.require_manager(request.user)
    form = InviteForm(request.POST or None, by=request.user, initial={"team": request.GET.get("team")})
    if request.method == "POST" and form.is_valid():
        if form.shown:
            return redirect("join_code", services.show_invitation(by=request.user, **form.shown_to()).pk)
        invitation = services.invite_person(by=request.user, **form.mailed_to())
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
        return redirect("team", invitation.team.pk) if invitation.team else redirect("team_list")
    return render(request, "people/invite.html", {"form": form})


# --- One person -------------------------------------------------------------------------------------------------


def person(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = access.get_person_for(request.user, pk)
    manages = access.may_manage(request.user, shown)
    context = {
        "person": shown,
        "places": _places_of(shown, request.user),
        "manages": manages,
        "pin_blocked": manages and desk_limits.is_blocked(request, shown),
        "is_self": shown.pk == request.user.pk,
        "may_show_link": access.may_show_link(request.user, shown),
    }
    return render(request, "people/person.html", context)


def _places_of(shown: User, reader: User) -> list[dict[str, object]]:
    """The person's time in teams, what holds now first. Former places are shown to those who manage the person."""
    places = Membership.objects.now().filter(user=shown)
    if access.may_manage(reader, shown):
        places = Membership.objects.filter(user=shown)
    elif not reader.is_sponsor and reader.pk != shown.pk:
        places = places.filter(team__in=access.teams_visible_to(reader))
    return [
        {"place": place, "may_change": place.until is None and access.may_change(reader, place)}
        for place in places.select_related("team", "user").order_by(F("until").desc(nulls_first=True), "-since")
    ]


def membership_new(request: SignedInRequest, pk: int) -> HttpResponse:
    person = access.get_person_for_sponsor(request.user, pk)
    form = PlaceForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        services.add_to_team(by=request.user, user=person, **form.cleaned_data)
        messages.success(request, _("The place in the team is saved."))
        return redirect("person", pk)
    return render(request, "people/place_form.html", {"form": form, "person": person})


def membership_change(request: SignedInRequest, pk: int) -> HttpResponse:
    membership = access.get_membership_for(request.user, pk)
    initial = {"team": membership.team_id, "role": membership.role}
    form = PlaceForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.move_person(by=request.user, membership=membership, **form.cleaned_data)
        messages.success(request, _("The place in the team is saved."))
        return redirect("person", membership.user_id)
    return render(request, "people/place_form.html", {"form": form, "person": membership.user})


@require_POST
def membership_end(request: SignedInRequest, pk: int) -> HttpResponse:
    membership = access.get_membership_for(request.user, pk)
    services.end_membership(by=request.user, membership=membership)
    messages.success(request, _("Out of the team: %(name)s.") % {"name": membership.user.name})
    return redirect("team", membership.team_id)


@require_POST
def person_reactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    person = access.get_person_for_sponsor(request.user, pk)
    services.reactivate_person(by=request.user, user=person)
    messages.success(request, _("Login open again: %(name)s. Now choose a team.") % {"name": person.name})
    return redirect("person", pk)


@require_POST
def sponsor_on(request: SignedInRequest, pk: int) -> HttpResponse:
    return _set_sponsor(request, pk, on=True)


@require_POST
def sponsor_off(request: SignedInRequest, pk: int) -> HttpResponse:
    return _set_sponsor(request, pk, on=False)


def _set_sponsor(request: SignedInRequest, pk: int, *, on: bool) -> HttpResponse:
    person = access.get_person_for_sponsor(request.user, pk)
    try:
        services.set_sponsor(by=request.user, user=person, on=on)
    except services.LastSponsor:
        messages.error(request, _last_sponsor())
    else:
        messages.success(request, _("Saved: %(name)s.") % {"name": person.name})
    gave_it_up = person.pk == request.user.pk and not on
    return redirect("team_list") if gave_it_up else redirect("person", pk)


def _last_sponsor() -> str:
    return _("This is the only sponsor. Make somebody else a sponsor first.")


# --- Oneself ----------------------------------------------------------------------------------------------------


def profile(request: SignedInRequest) -> HttpResponse:
    own = copy(request.user)
    form = ProfileForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        saved = services.update_profile(user=request.user, **form.cleaned_data)
        with translation.override(saved.language or translation.get_language()):
            messages.success(request, _("Your settings are saved."))
        return redirect("profile")
    return render(request, "people/profile.html", {"form": form, "claim": claim_of(request.user)})

"""People join by a link that was mailed to them, and that works once."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delight.lib.tokens import make_token, new_public_id
from delight.organisation.models import AuditEntry, Organisation
from delight.outbox.models import Message, State
from staff.people.models import JoinInvitation, Membership, User
from staff.people.services import (
    LinkClosed,
    accept_invitation,
    change_role,
    deactivate_person,
    end_membership,
    invite_person,
    join_token,
    move_person,
    new_invitation,
    open_invitation,
    revoke_invitation,
    set_sponsor,
)
from tests.conftest import html_of, make_person, text_of
from tests.people.together import together

ANSWERS = {"name": "Ada Lovelace", "password": "seven green bicycles", "language": "tr"}


def link(invitation: JoinInvitation) -> str:
    return reverse("join", args=[join_token(invitation)])


@pytest.fixture
def invitation(manager, team):
    return invite_person(by=manager, email="Ada@Barber.example ", name="Ada", team=team)


def refused(client: Client, url: str) -> bool:
    """Whether the link opens nothing, for looking and for joining."""
    seen, posted = client.get(url), client.post(url, ANSWERS)
    pages = {(page.status_code, page.templates[0].name) for page in (seen, posted)}
    return pages == {(404, "people/join_closed.html")}


# --- The way in -------------------------------------------------------------------------------------------------


def test_from_the_managers_form_to_the_new_colleagues_home(manager, team, signed_in, post_office, client):
    form = {"email": "ada@barber.example", "team": team.pk, "role": "staff", "language": "en"}
    assert signed_in(manager).post(reverse("invite_person"), form).status_code == 302
    (mail,) = post_office.deliver()
    assert mail["To"] == "ada@barber.example"
    assert mail["Reply-To"] == manager.email
    url = next(word for word in text_of(mail).split() if word.startswith(settings.BASE_URL))
    assert url in html_of(mail)

    page = client.get(url.removeprefix(settings.BASE_URL))
    assert page.status_code == 200
    assert "ada@barber.example" in page.content.decode()
    answer = client.post(url.removeprefix(settings.BASE_URL), ANSWERS)

    ada = User.objects.get(email="ada@barber.example")
    assert answer.headers["Location"] == reverse("home")
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert (ada.name, ada.language, ada.is_sponsor) == ("Ada Lovelace", "tr", False)
    assert ada.check_password("seven green bicycles")
    assert Membership.objects.now().get(user=ada).team == team


def test_the_mail_speaks_the_invited_persons_language(manager, team, post_office):
    invite_person(by=manager, email="ada@barber.example", team=team, language="tr")
    assert post_office.deliver()[0]["Content-Language"] == "tr"


def test_the_page_is_not_kept_by_browsers(invitation, client):
    assert "no-store" in client.get(link(invitation)).headers["Cache-Control"]


def test_looking_at_the_page_changes_nothing(invitation, client):
    client.get(link(invitation))
    invitation.refresh_from_db()
    assert invitation.is_open
    assert not User.objects.filter(email="ada@barber.example").exists()


@pytest.mark.parametrize("password", ["short", "password123", "1029384756", "ada@barber.example"])
def test_a_weak_password_is_refused_and_the_link_stays_good(invitation, client, password):
    page = client.post(link(invitation), {**ANSWERS, "password": password})
    assert page.context["form"].errors["password"]
    assert client.post(link(invitation), ANSWERS).status_code == 302


def test_the_address_is_the_invitations_whatever_is_posted(invitation, client):
    client.post(link(invitation), {**ANSWERS, "email": "eve@evil.example"})
    assert User.objects.get(name="Ada Lovelace").email == "ada@barber.example"


# --- Links that open nothing ------------------------------------------------------------------------------------


def test_a_link_works_once(invitation, client):
    assert client.post(link(invitation), ANSWERS).status_code == 302
    assert refused(Client(), link(invitation))
    assert User.objects.filter(email="ada@barber.example").count() == 1


def test_a_link_works_for_seven_days(invitation, client):
    url = link(invitation)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert client.get(url).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert refused(client, url)


def test_a_withdrawn_link_opens_nothing_and_its_mail_stays(invitation, manager, signed_in, client, post_office):
    signed_in(manager).post(reverse("join_revoke", args=[invitation.pk]))
    assert refused(client, link(invitation))
    assert post_office.deliver() == []
    assert Message.objects.get(key=f"join:{invitation.pk}").state == State.CANCELLED


def test_forged_links_open_nothing(invitation, client):
    for token in (make_token("join", new_public_id()), make_token("answer", invitation.public_id), "x" * 43, "x"):
        assert refused(client, reverse("join", args=[token]))
    assert client.get(link(invitation)).status_code == 200


def test_a_link_opens_nothing_once_its_address_has_a_login(invitation, client):
    make_person("Ada")
    assert refused(client, link(invitation))


def test_links_that_open_nothing_all_look_the_same(invitation, client):
    make_person("Ada")
    one = client.get(link(invitation)).content
    other = client.get(reverse("join", args=[make_token("join", new_public_id())])).content
    assert one == other


def test_a_second_invitation_to_an_address_replaces_the_first(invitation, manager, team, client):
    second = invite_person(by=manager, email="ada@barber.example", team=team)
    assert refused(client, link(invitation))
    assert client.get(link(second)).status_code == 200


def test_sending_again_brings_a_fresh_link_for_the_same_place(invitation, manager, signed_in, client, post_office):
    signed_in(manager).post(reverse("join_again", args=[invitation.pk]))
    fresh = JoinInvitation.objects.open().get()
    assert (fresh.email, fresh.team, fresh.role) == (invitation.email, invitation.team, invitation.role)
    assert refused(client, link(invitation))
    (mail,) = post_office.deliver()
    assert link(fresh) in text_of(mail)


def test_a_mail_that_is_late_says_nothing_when_the_person_is_in_already(invitation, client, post_office):
    client.post(link(invitation), ANSWERS)
    assert post_office.deliver() == []
    assert Message.objects.get(key=f"join:{invitation.pk}").reason == "done"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_gets_in(organisation):
    # This link names no address, so that nothing but the link itself stands between the two.
    invitation = new_invitation(by=None, is_sponsor=True)
    joins = [
        partial(accept_invitation, invitation=invitation, email=email, name=email, password="seven green bicycles")
        for email in ("ada@barber.example", "eve@barber.example")
    ]
    ends = together(*joins, held=JoinInvitation.objects.filter(pk=invitation.pk))
    assert [type(end) for end in ends if isinstance(end, Exception)] == [LinkClosed]
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_invitations_at_once_to_an_address_one_stays_open(manager, team):
    invite = partial(invite_person, by=manager, email="ada@barber.example", team=team)
    ends = together(invite, invite, held=Organisation.objects.all())
    assert all(isinstance(end, JoinInvitation) for end in ends)
    assert JoinInvitation.objects.open().count() == 1


# --- Who may invite ---------------------------------------------------------------------------------------------


def test_a_manager_invites_to_own_teams_only(manager, team, other_team, signed_in):
    client = signed_in(manager)
    form = {"email": "ada@barber.example", "role": "staff"}
    assert "team" in client.post(reverse("invite_person"), {**form, "team": other_team.pk}).context["form"].errors
    assert "team" in client.post(reverse("invite_person"), form).context["form"].errors
    assert client.post(reverse("invite_person"), {**form, "team": team.pk}).status_code == 302


def test_only_a_sponsor_invites_a_sponsor(manager, sponsor, team, signed_in):
    form = {"email": "ada@barber.example", "role": "staff", "team": team.pk, "is_sponsor": "on"}
    signed_in(manager).post(reverse("invite_person"), form)
    assert not JoinInvitation.objects.open().get().is_sponsor
    signed_in(sponsor).post(reverse("invite_person"), {**form, "team": ""})
    assert JoinInvitation.objects.open().get().is_sponsor


def test_staff_invite_nobody(staff, team, signed_in):
    client = signed_in(staff)
    assert client.get(reverse("invite_person")).status_code == 403
    form = {"email": "ada@barber.example", "role": "staff", "team": team.pk}
    assert client.post(reverse("invite_person"), form).status_code == 403
    assert not JoinInvitation.objects.exists()


def test_somebody_with_a_login_is_not_invited_again(manager, staff, team, signed_in):
    form = {"email": staff.email.upper(), "role": "staff", "team": team.pk}
    assert "email" in signed_in(manager).post(reverse("invite_person"), form).context["form"].errors


@pytest.mark.parametrize("name", ["join_revoke", "join_again"])
def test_open_invitations_are_their_managers(name, invitation, staff, other_manager, sponsor, signed_in):
    url = reverse(name, args=[invitation.pk])
    assert signed_in(other_manager).post(url).status_code == 404
    assert signed_in(staff).post(url).status_code == 403
    assert signed_in(sponsor).get(url).status_code == 405
    assert JoinInvitation.objects.open().get() == invitation
    assert signed_in(sponsor).post(url).status_code == 302
    assert not JoinInvitation.objects.open().filter(pk=invitation.pk).exists()


def test_the_list_shows_open_invitations_to_those_who_may_withdraw_them(
    invitation, manager, staff, other_manager, signed_in
):
    url = reverse("team_list")
    assert "ada@barber.example" in signed_in(manager).get(url).content.decode()
    for other in (staff, other_manager):
        assert "ada@barber.example" not in signed_in(other).get(url).content.decode()


def test_withdrawing_twice_leaves_one_trace(invitation, manager):
    revoke_invitation(by=manager, invitation=invitation)
    revoke_invitation(by=manager, invitation=invitation)
    assert AuditEntry.objects.filter(verb="revoke_invitation").count() == 1


def test_a_manager_replaces_no_invitation_of_a_sponsor(sponsor, manager, team, signed_in):
    waiting = invite_person(by=sponsor, email="boss@barber.example", is_sponsor=True)
    said = {"email": "boss@barber.example", "team": team.pk, "role": "staff"}
    page = signed_in(manager).post("/people/invite/", said)
    assert "invited by others already" in page.content.decode()
    assert open_invitation(join_token(waiting)) == waiting


def test_links_of_somebody_who_has_left_open_nothing(sponsor, manager, team):
    sent = invite_person(by=manager, email="friend@mail.example", team=team, role="manager")
    assert open_invitation(join_token(sent)) == sent
    deactivate_person(by=sponsor, user=manager)
    assert open_invitation(join_token(sent)) is None


@pytest.mark.parametrize(("invited_in", "shown"), [("tr", "tr"), ("", "en")])
def test_the_page_speaks_the_language_of_the_invitation(manager, team, client, invited_in, shown):
    invitation = invite_person(by=manager, email="ada@barber.example", team=team, language=invited_in)
    seen = client.get(link(invitation), headers={"accept-language": "en"})
    wrong = client.post(link(invitation), {**ANSWERS, "name": ""}, headers={"accept-language": "en"})
    for page in (seen, wrong):
        assert page.headers["Content-Language"] == shown
        assert f'<html lang="{shown}"' in page.content.decode()


# --- Whose right to invite has ended ----------------------------------------------------------------------------


def _demoted(manager, other_team):
    change_role(by=None, membership=manager.memberships.get(until=None), role="staff")


def _moved(manager, other_team):
    move_person(by=None, membership=manager.memberships.get(until=None), team=other_team, role="manager")


def _out(manager, other_team):
    end_membership(by=None, membership=manager.memberships.get(until=None))


@pytest.mark.parametrize("how", [_demoted, _moved, _out])
def test_a_mailed_link_ends_with_the_right_to_invite(
    invitation, manager, sponsor, other_team, client, post_office, how
):
    theirs = invite_person(by=sponsor, email="eve@barber.example", team=invitation.team)
    how(manager, other_team)
    assert refused(client, link(invitation))
    invitation.refresh_from_db()
    assert invitation.revoked_at
    assert [mail["To"] for mail in post_office.deliver()] == ["eve@barber.example"]
    assert client.get(link(theirs)).status_code == 200


def test_a_managers_link_to_a_team_that_stays_theirs_stays(invitation, manager, other_team, client):
    place = Membership.objects.create(user=manager, team=other_team, role="manager")
    end_membership(by=None, membership=place)
    assert client.get(link(invitation)).status_code == 200


def test_a_former_sponsors_link_for_a_sponsor_ends_also_where_they_manage(sponsor, team, client):
    make_person("Second", is_sponsor=True)
    Membership.objects.create(user=sponsor, team=team, role="manager")
    for_sponsor = invite_person(by=sponsor, email="ada@barber.example", team=team, is_sponsor=True)
    for_staff = invite_person(by=sponsor, email="eve@barber.example", team=team)
    set_sponsor(by=None, user=sponsor, on=False)
    assert refused(client, link(for_sponsor))
    assert client.get(link(for_staff)).status_code == 200

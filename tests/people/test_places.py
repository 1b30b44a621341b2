"""Teams, roles in them, leaving, coming back, and the sponsors."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from delight.organisation.models import AuditEntry
from staff.people.access import is_manager, managed_team_ids
from staff.people.models import Membership, Team, User, today
from staff.people.services import LastSponsor, end_membership, move_person, set_sponsor
from tests.conftest import PASSWORD, make_person
from tests.people.together import together


def place_of(user: User) -> Membership:
    return Membership.objects.now().get(user=user)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


# --- Teams ------------------------------------------------------------------------------------------------------


def test_a_sponsor_makes_a_team_and_its_manager_renames_it(sponsor, manager, team, signed_in):
    signed_in(sponsor).post(reverse("team_new"), {"name": "Station Square"})
    assert Team.objects.filter(name="Station Square").exists()
    signed_in(manager).post(reverse("team_edit", args=[team.pk]), {"name": "Mill Street", "time_zone": "Europe/Paris"})
    team.refresh_from_db()
    assert (team.name, team.sort_key, team.time_zone) == ("Mill Street", "mill street", "Europe/Paris")
    assert AuditEntry.objects.get(verb="rename_team").fields == ["name", "time_zone"]


def test_who_may_not_make_or_rename_teams(staff, manager, other_manager, team, signed_in):
    assert signed_in(manager).post(reverse("team_new"), {"name": "New"}).status_code == 403
    edit = reverse("team_edit", args=[team.pk])
    assert signed_in(staff).post(edit, {"name": "Mine"}).status_code == 403
    assert signed_in(other_manager).post(edit, {"name": "Mine"}).status_code == 404
    assert list(Team.objects.values_list("name", flat=True)) == ["Harbour", "Mill Lane"]


def test_two_teams_do_not_share_a_name(sponsor, team, signed_in):
    page = signed_in(sponsor).post(reverse("team_new"), {"name": team.name})
    assert "name" in page.context["form"].errors


def test_people_see_their_own_teams_and_a_sponsor_sees_all(staff, outsider, sponsor, team, other_team, signed_in):
    seen = signed_in(staff).get(reverse("team_list")).content.decode()
    assert "Sam" in seen
    assert "Otto" not in seen
    assert signed_in(staff).get(reverse("team", args=[team.pk])).status_code == 200
    assert signed_in(staff).get(reverse("team", args=[other_team.pk])).status_code == 404
    all_of_them = signed_in(sponsor).get(reverse("team_list")).content.decode()
    assert "Sam" in all_of_them
    assert "Otto" in all_of_them


def test_a_bigger_list_takes_as_many_queries(
    sponsor, staff, team, other_team, signed_in, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(sponsor)
    urls = [reverse("team_list"), reverse("team", args=[team.pk])]
    counts = []
    for url in urls:
        with django_assert_max_num_queries(20) as one:
            client.get(url)
        counts.append(len(one.captured_queries))
    for name in ("Ada", "Bob", "Eve"):
        make_person(name, team)
        make_person(name + "2", other_team)
    for url, count in zip(urls, counts, strict=True):
        with django_assert_num_queries(count):
            client.get(url)


# --- Roles ------------------------------------------------------------------------------------------------------


def test_a_new_role_ends_one_membership_and_begins_another(manager, staff, team, signed_in):
    before = place_of(staff)
    url = reverse("membership_change", args=[before.pk])
    assert signed_in(manager).post(url, {"team": team.pk, "role": "manager"}).status_code == 302
    before.refresh_from_db()
    assert (before.role, before.until) == ("staff", today())
    assert (place_of(staff).role, place_of(staff).since) == ("manager", today())
    assert is_manager(again(staff))


def test_moving_to_another_team_keeps_the_time_in_the_first(sponsor, staff, team, other_team, signed_in):
    url = reverse("membership_change", args=[place_of(staff).pk])
    signed_in(sponsor).post(url, {"team": other_team.pk, "role": "staff"})
    times = list(staff.memberships.order_by("since").values_list("team", "since", "until"))
    assert times == [(team.pk, date(2020, 1, 1), today()), (other_team.pk, today(), None)]


def test_the_same_place_again_changes_nothing(manager, staff, team, signed_in):
    url = reverse("membership_change", args=[place_of(staff).pk])
    signed_in(manager).post(url, {"team": team.pk, "role": "staff"})
    assert staff.memberships.count() == 1
    assert not AuditEntry.objects.filter(verb="change_role").exists()


def test_a_manager_moves_nobody_into_a_team_of_others(manager, staff, other_team, signed_in):
    url = reverse("membership_change", args=[place_of(staff).pk])
    page = signed_in(manager).post(url, {"team": other_team.pk, "role": "staff"})
    assert "team" in page.context["form"].errors
    assert staff.memberships.count() == 1


def test_somebody_who_moves_where_they_are_already_gets_one_place(sponsor, staff, other_team):
    Membership.objects.create(team=other_team, user=staff, since=date(2021, 1, 1))
    place = staff.memberships.get(since=date(2020, 1, 1))
    move_person(by=sponsor, membership=place, team=other_team, role="manager")
    assert (place_of(staff).team, place_of(staff).role) == (other_team, "manager")


@pytest.mark.parametrize("name", ["membership_change", "membership_end"])
def test_who_decides_about_a_place(name, staff, colleague, manager, other_manager, sponsor, team, signed_in):
    url = reverse(name, args=[place_of(staff).pk])
    form = {"team": team.pk, "role": "manager"}
    assert signed_in(other_manager).post(url, form).status_code == 404
    assert signed_in(colleague).post(url, form).status_code == 403
    assert signed_in(staff).post(url, form).status_code == 403
    assert place_of(staff).role == "staff"
    assert signed_in(manager).post(url, form).status_code == 302
    assert Membership.objects.filter(user=staff, until=today()).exists()


def test_managers_do_not_change_their_own_place(manager, signed_in):
    assert signed_in(manager).post(reverse("membership_end", args=[place_of(manager).pk])).status_code == 403
    assert managed_team_ids(again(manager))


def test_who_is_out_of_a_team_sees_it_no_more(staff, manager, team, signed_in):
    client = signed_in(staff)
    assert client.get(reverse("team", args=[team.pk])).status_code == 200
    end_membership(by=manager, membership=place_of(staff))
    assert client.get(reverse("team", args=[team.pk])).status_code == 404


def test_only_a_sponsor_adds_somebody_to_a_further_team(sponsor, manager, staff, other_team, signed_in):
    url, form = reverse("membership_new", args=[staff.pk]), {"team": other_team.pk, "role": "staff"}
    assert signed_in(manager).post(url, form).status_code == 403
    assert staff.memberships.count() == 1
    signed_in(sponsor).post(url, form)
    assert set(staff.memberships.values_list("team__name", flat=True)) == {"Mill Lane", "Harbour"}


def test_a_membership_that_begins_tomorrow_or_ended_today_does_not_hold(team, organisation):
    ada = make_person("Ada")
    Membership.objects.create(user=ada, team=team, since=today() + timedelta(days=1), until=today() + timedelta(days=2))
    Membership.objects.create(user=ada, team=team, since=date(2020, 1, 1), until=today())
    assert not Membership.objects.now().filter(user=ada).exists()


# --- One person's page ------------------------------------------------------------------------------------------


def test_who_sees_whose_page(staff, colleague, manager, outsider, sponsor, signed_in):
    url = reverse("person", args=[staff.pk])
    for reader in (staff, colleague, manager, sponsor):
        assert signed_in(reader).get(url).status_code == 200
    assert signed_in(outsider).get(url).status_code == 404


def test_colleagues_see_a_name_and_managers_the_address_and_what_they_may_do(staff, colleague, manager, signed_in):
    url = reverse("person", args=[staff.pk])
    for_colleague = signed_in(colleague).get(url).content.decode()
    for_manager = signed_in(manager).get(url).content.decode()
    close = reverse("person_deactivate", args=[staff.pk])
    assert staff.email not in for_colleague
    assert close not in for_colleague
    assert staff.email in for_manager
    assert close in for_manager


# --- Leaving ----------------------------------------------------------------------------------------------------


def test_a_closed_login_ends_every_session_at_once(manager, staff, signed_in):
    phone, desk = Client(), signed_in(staff)
    phone.post(reverse("account_login"), {"login": staff.email, "password": PASSWORD})
    assert phone.get(reverse("profile")).status_code == 200
    assert desk.get(reverse("profile")).status_code == 200
    kept = signed_in(manager)

    kept.post(reverse("person_deactivate", args=[staff.pk]))

    assert phone.get(reverse("profile")).status_code == 302
    assert desk.get(reverse("profile")).status_code == 302
    owners = {row.get_decoded().get("_auth_user_id") for row in Session.objects.all()}
    assert str(staff.pk) not in owners
    assert kept.get(reverse("profile")).status_code == 200


def test_a_closed_login_leaves_all_teams_and_lets_nobody_in(manager, staff, signed_in):
    signed_in(manager).post(reverse("person_deactivate", args=[staff.pk]))
    assert not Membership.objects.now().filter(user=staff).exists()
    client = Client()
    client.post(reverse("account_login"), {"login": staff.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_sponsor_opens_a_login_again_and_it_has_no_team(sponsor, manager, staff, signed_in):
    signed_in(sponsor).post(reverse("person_deactivate", args=[staff.pk]))
    url = reverse("person_reactivate", args=[staff.pk])
    assert signed_in(manager).post(url).status_code == 404
    assert not again(staff).is_active
    signed_in(sponsor).post(url)
    assert again(staff).is_active
    assert not Membership.objects.now().filter(user=staff).exists()


def test_who_may_close_a_login(staff, colleague, manager, other_manager, other_team, signed_in):
    url = reverse("person_deactivate", args=[staff.pk])
    assert signed_in(other_manager).post(url).status_code == 404
    assert signed_in(colleague).post(url).status_code == 403
    assert signed_in(manager).get(url).status_code == 200  # asks first
    Membership.objects.create(user=staff, team=other_team)
    assert signed_in(manager).post(url).status_code == 403  # another manager's business, too
    assert again(staff).is_active
    end_membership(by=None, membership=staff.memberships.get(team=other_team))
    assert signed_in(manager).post(url).status_code == 302
    assert not again(staff).is_active


def test_nobody_closes_their_own_login_and_no_manager_a_sponsors(manager, sponsor, team, signed_in):
    Membership.objects.create(user=sponsor, team=team)
    assert signed_in(manager).post(reverse("person_deactivate", args=[sponsor.pk])).status_code == 403
    assert signed_in(sponsor).post(reverse("person_deactivate", args=[sponsor.pk])).status_code == 403
    assert again(sponsor).is_active


# --- Sponsors ---------------------------------------------------------------------------------------------------


def test_a_sponsor_makes_another_one_and_may_then_step_down(sponsor, staff, signed_in):
    client = signed_in(sponsor)
    client.post(reverse("sponsor_on", args=[staff.pk]))
    assert again(staff).is_sponsor
    client.post(reverse("sponsor_off", args=[sponsor.pk]))
    assert not again(sponsor).is_sponsor
    assert AuditEntry.objects.filter(verb="set_sponsor").count() == 2


def test_the_last_sponsor_stays_one(sponsor, signed_in):
    page = signed_in(sponsor).post(reverse("sponsor_off", args=[sponsor.pk]), follow=True)
    assert again(sponsor).is_sponsor
    assert "only sponsor" in page.content.decode()


def test_a_sponsor_whose_login_is_closed_does_not_count(sponsor, staff, signed_in):
    set_sponsor(by=sponsor, user=staff, on=True)
    User.objects.filter(pk=staff.pk).update(is_active=False)
    with pytest.raises(LastSponsor):
        set_sponsor(by=sponsor, user=sponsor, on=False)


@pytest.mark.parametrize("name", ["sponsor_on", "sponsor_off"])
def test_managers_make_no_sponsors(name, manager, staff, signed_in):
    assert signed_in(manager).post(reverse(name, args=[staff.pk])).status_code == 403
    assert not again(staff).is_sponsor


@pytest.mark.django_db(transaction=True)
def test_two_sponsors_who_step_down_at_once_leave_one(sponsor):
    other = make_person("Ada", is_sponsor=True)
    steps = [partial(set_sponsor, by=user, user=user, on=False) for user in (sponsor, other)]
    ends = together(*steps, held=User.objects.all())
    assert [type(end) for end in ends if isinstance(end, Exception)] == [LastSponsor]
    assert User.objects.filter(is_sponsor=True).count() == 1


def test_out_of_the_team_asks_first(manager, staff, signed_in):
    page = signed_in(manager).get(reverse("person", args=[staff.pk])).content.decode()
    place = place_of(staff)
    assert f'data-opens="out-{place.pk}"' in page
    dialog = page.partition(f'<dialog id="out-{place.pk}"')[2].partition("</dialog>")[0]
    end = reverse("membership_end", args=[place.pk])
    assert f'action="{end}"' in dialog
    assert page.count(end) == 1

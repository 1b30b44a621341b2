"""Verbs on people: teams, joining by a link, roles, leaving."""

from django.db import transaction
from django.utils import timezone

from delight.lib.addresses import normal_email
from delight.lib.tokens import make_token, read_token
from delight.organisation.models import AuditEntry, Organisation
from delight.organisation.services import set_up_organisation
from delight.outbox.services import cancel, enqueue
from staff.people.access import may_still_let_in
from staff.people.addresses import claim_address
from staff.people.login_names import free_login_name
from staff.people.models import SHOWN_LINK_LASTS, JoinInvitation, Membership, Team, User, today
from staff.people.sessions import end_sessions_of

JOIN = "join"


class LinkClosed(Exception):
    """The join link has been used, withdrawn or replaced, or it is too old, or its address has a login already."""


class LastSponsor(Exception):
    """Without this person nobody could change the settings or let anybody in."""


# --- Teams ------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_team(*, by: User | None, name: str, time_zone: str = "") -> Team:
    """A new team; its name must be free."""
    team = Team.objects.create(name=name, time_zone=time_zone)
    AuditEntry.record(by=by, verb="create_team", obj=team)
    return team


@transaction.atomic
def rename_team(*, by: User | None, team: Team, name: str, time_zone: str = "") -> Team:
    """Another name or time zone for the same team."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    changed = [field for field, value in (("name", name), ("time_zone", time_zone)) if getattr(team, field) != value]
    team.name, team.time_zone = name, time_zone
    team.save()
    if changed:
        AuditEntry.record(by=by, verb="rename_team", obj=team, fields=changed)
    return team


# --- Joining ----------------------------------------------------------------------------------------------------


def join_token(invitation: JoinInvitation) -> str:
    """The secret part of the invitation's link; the same on every retry."""
    return make_token(JOIN, invitation.public_id)


def open_invitation(token: str) -> JoinInvitation | None:
    """The invitation that the link opens, or None: forged, used, withdrawn, too old, or no longer needed."""
    public_id = read_token(JOIN, token)
    if public_id is None:
        return None
    found = JoinInvitation.objects.open().select_related("team", "person", "invited_by")
    invitation = found.filter(public_id=public_id).first()
    if invitation is None or _has_login(invitation.email) or not may_still_let_in(invitation):
        return None
    if invitation.person is not None and not invitation.person.is_active:
        return None
    return invitation


def _has_login(email: str) -> bool:
    return bool(email) and User.objects.filter(email=normal_email(email)).exists()


@transaction.atomic
def new_invitation(
    *,
    by: User | None,
    email: str = "",
    name: str = "",
    team: Team | None = None,
    role: str = Membership.Role.STAFF,
    is_sponsor: bool = False,
    language: str = "",
) -> JoinInvitation:
    """A link and no mail. Replaces the one that waits for the same address."""
    Organisation.objects.select_for_update().first()  # two at once, to one address: one after the other
    email = normal_email(email) or ""
    waiting = JoinInvitation.objects.filter(email=email, accepted_at=None, revoked_at=None)
    # Without an address only the first link of all is replaced: each code that is shown is for somebody else.
    for former in waiting if email else waiting.filter(invited_by=None):
        revoke_invitation(by=by, invitation=former)
    invitation = JoinInvitation.objects.create(
        email=email, name=name, team=team, role=role, is_sponsor=is_sponsor, language=language, invited_by=by
    )
    AuditEntry.record(by=by, verb="invite_person", obj=invitation)
    return invitation


@transaction.atomic
def invite_person(
    *,
    by: User | None,
    email: str,
    name: str = "",
    team: Team | None = None,
    role: str = Membership.Role.STAFF,
    is_sponsor: bool = False,
    language: str = "",
) -> JoinInvitation:
    """A link, and the mail that brings it."""
    invitation = new_invitation(
        by=by, email=email, name=name, team=team, role=role, is_sponsor=is_sponsor, language=language
    )
    enqueue(kind=JOIN, object_id=invitation.pk, key=f"join:{invitation.pk}")
    return invitation


@transaction.atomic
def show_invitation(
    *, by: User, name: str = "", team: Team | None = None, role: str = Membership.Role.STAFF, language: str = ""
) -> JoinInvitation:
    """A link for somebody who stands beside `by`: it works for a day, and no mail brings it."""
    invitation = new_invitation(by=by, name=name, team=team, role=role, language=language)
    return _for_a_day(invitation)


@transaction.atomic
def show_password_link(*, by: User, person: User) -> JoinInvitation:
    """A link by which somebody without an e-mail address chooses a new password; replaces a former one."""
    User.objects.select_for_update().get(pk=person.pk)  # two at once: one after the other
    for former in JoinInvitation.objects.open().filter(person=person):
        revoke_invitation(by=by, invitation=former)
    invitation = JoinInvitation.objects.create(person=person, name=person.name, invited_by=by)
    AuditEntry.record(by=by, verb="show_password_link", obj=person)
    return _for_a_day(invitation)


def _for_a_day(invitation: JoinInvitation) -> JoinInvitation:
    invitation.expires_at = timezone.now() + SHOWN_LINK_LASTS
    invitation.save(update_fields=["expires_at"])
    return invitation


@transaction.atomic
def invite_again(*, by: User, invitation: JoinInvitation) -> JoinInvitation:
    """A fresh link to the same person, by mail or to be shown; the former one stops working."""
    if invitation.person is not None:
        return show_password_link(by=by, person=invitation.person)
    if invitation.is_shown:
        revoke_invitation(by=by, invitation=invitation)
        return show_invitation(
            by=by, name=invitation.name, team=invitation.team, role=invitation.role, language=invitation.language
        )
    return invite_person(
        by=by,
        email=invitation.email,
        name=invitation.name,
        team=invitation.team,
        role=invitation.role,
        is_sponsor=invitation.is_sponsor,
        language=invitation.language,
    )


@transaction.atomic
def revoke_invitation(*, by: User | None, invitation: JoinInvitation) -> JoinInvitation:
    """The link stops working, and a mail that has not left stays. One that was accepted stays accepted."""
    waiting = JoinInvitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if waiting.update(revoked_at=timezone.now()):
        cancel(kinds=[JOIN], object_ids=[invitation.pk])
        AuditEntry.record(by=by, verb="revoke_invitation", obj=invitation)
    invitation.refresh_from_db()
    return invitation


@transaction.atomic
def accept_invitation(
    *,
    invitation: JoinInvitation,
    name: str,
    password: str,
    language: str = "",
    email: str = "",
    login_name: str = "",
) -> User:
    """Make the person and their place in the team. Raises LinkClosed unless this is the link's only use.

    `email` counts only where the invitation has none; who came by a code that was shown has to confirm it first.
    Without any, there is a sign-in name, made from the name if need be.
    """
    email, claimed = invitation.email or normal_email(email) or "", ""
    if invitation.is_shown and invitation.invited_by_id is not None:
        email, claimed = "", email
    if not _use_up(invitation) or _has_login(email):
        raise LinkClosed
    login_name = login_name or ("" if email else free_login_name(name))
    user = User.objects.create_user(
        email, password, name=name, login_name=login_name, language=language, is_sponsor=invitation.is_sponsor
    )
    if invitation.team:
        Membership.objects.create(team=invitation.team, user=user, role=invitation.role)
    JoinInvitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    AuditEntry.record(by=user, verb="join", obj=user)
    if claimed:
        claim_address(user=user, email=claimed)
    return user


@transaction.atomic
def accept_password_link(*, invitation: JoinInvitation, password: str) -> User:
    """The person's new password; whoever is signed in with the old one no longer is. Raises LinkClosed."""
    if not _use_up(invitation) or invitation.person is None:
        raise LinkClosed
    user = User.objects.select_for_update().get(pk=invitation.person.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions_of(user)
    AuditEntry.record(by=user, verb="new_password", obj=user, fields=["password"])
    return user


def _use_up(invitation: JoinInvitation) -> bool:
    return bool(JoinInvitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now()))


@transaction.atomic
def set_up_company(*, invitation: JoinInvitation, person: dict[str, str], company: dict[str, str]) -> User:
    """The first step of all: the organisation and its first sponsor. Raises LinkClosed when that is done already."""
    # Two at once wait here for each other, and the second finds the link used.
    JoinInvitation.objects.select_for_update().get(pk=invitation.pk)
    if Organisation.objects.exists():
        raise LinkClosed
    user = accept_invitation(invitation=invitation, **person)
    set_up_organisation(by=user, **company)
    return user


# --- Places in teams --------------------------------------------------------------------------------------------


@transaction.atomic
def add_to_team(*, by: User | None, user: User, team: Team, role: str = Membership.Role.STAFF) -> Membership:
    """A further place; in a team where the person already is, that place changes to the role."""
    held = Membership.objects.filter(user=user, team=team, until=None).first()
    if held is not None:
        return change_role(by=by, membership=held, role=role)
    membership = Membership.objects.create(user=user, team=team, role=role)
    AuditEntry.record(by=by, verb="add_to_team", obj=user, fields=["team", "role"])
    return membership


@transaction.atomic
def change_role(*, by: User | None, membership: Membership, role: str) -> Membership:
    """The same team with another role, from today."""
    if membership.role == role:
        return membership
    _end(membership)
    AuditEntry.record(by=by, verb="change_role", obj=membership.user, fields=["role"])
    changed = Membership.objects.create(user=membership.user, team=membership.team, role=role)
    _withdraw_links_of(membership.user_id, by=by)
    return changed


@transaction.atomic
def move_person(*, by: User | None, membership: Membership, team: Team, role: str) -> Membership:
    """Another team from today; what was done in the former one stays there."""
    if membership.team_id == team.pk:
        return change_role(by=by, membership=membership, role=role)
    _end(membership)
    moved = add_to_team(by=by, user=membership.user, team=team, role=role)
    _withdraw_links_of(membership.user_id, by=by)
    return moved


@transaction.atomic
def end_membership(*, by: User | None, membership: Membership) -> Membership:
    """The person leaves the team today and keeps the login."""
    if _end(membership):
        AuditEntry.record(by=by, verb="end_membership", obj=membership.user, fields=["team"])
        _withdraw_links_of(membership.user_id, by=by)
    membership.refresh_from_db()
    return membership


def _withdraw_links_of(user_id: int, *, by: User | None) -> None:
    """The open links, mailed or shown, for which the person no longer has the right to answer."""
    host = User.objects.get(pk=user_id)
    for invitation in JoinInvitation.objects.open().filter(invited_by=host).select_related("person"):
        invitation.invited_by = host
        if not may_still_let_in(invitation):
            revoke_invitation(by=by, invitation=invitation)


def _end(membership: Membership) -> bool:
    return bool(Membership.objects.filter(pk=membership.pk, until=None).update(until=today()))


# --- Leaving, coming back, sponsors -----------------------------------------------------------------------------


def _lock_sponsors() -> set[int]:
    """The sponsors who can log in, locked: two who remove each other at once come one after the other."""
    sponsors = User.objects.select_for_update().filter(is_sponsor=True, is_active=True).order_by("pk")
    return set(sponsors.values_list("pk", flat=True))


@transaction.atomic
def deactivate_person(*, by: User | None, user: User) -> User:
    """The login ends at once, with every open session, every place in a team, and the links that the person has
    sent to others. Raises LastSponsor.
    """
    if _lock_sponsors() == {user.pk}:
        raise LastSponsor
    User.objects.filter(pk=user.pk).update(is_active=False, is_sponsor=False, pin="")
    Membership.objects.filter(user=user, until=None).update(until=today())
    end_sessions_of(user)
    for invitation in JoinInvitation.objects.open().filter(invited_by=user):
        revoke_invitation(by=by, invitation=invitation)
    AuditEntry.record(by=by, verb="deactivate_person", obj=user, fields=["is_active", "is_sponsor"])
    user.refresh_from_db()
    return user


@transaction.atomic
def reactivate_person(*, by: User | None, user: User) -> User:
    """The login works again, with the former password; places in teams are given anew."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        AuditEntry.record(by=by, verb="reactivate_person", obj=user, fields=["is_active"])
    user.refresh_from_db()
    return user


@transaction.atomic
def set_sponsor(*, by: User | None, user: User, on: bool) -> User:
    """Give or take the right to see and set everything. Raises LastSponsor."""
    if not on and _lock_sponsors() == {user.pk}:
        raise LastSponsor
    if User.objects.filter(pk=user.pk, is_sponsor=not on).update(is_sponsor=on):
        AuditEntry.record(by=by, verb="set_sponsor", obj=user, fields=["is_sponsor"])
        _withdraw_links_of(user.pk, by=by)
    user.refresh_from_db()
    return user


@transaction.atomic
def update_profile(*, user: User, name: str, language: str, time_zone: str) -> User:
    """What people set for themselves."""
    new = {"name": name, "language": language, "time_zone": time_zone}
    user = User.objects.select_for_update().get(pk=user.pk)
    changed = [field for field, value in new.items() if getattr(user, field) != value]
    for field, value in new.items():
        setattr(user, field, value)
    user.save()
    if changed:
        AuditEntry.record(by=user, verb="update_profile", obj=user, fields=changed)
    return user

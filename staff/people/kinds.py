"""The mails of this room: what they are about, and whether they are still wanted when they leave."""

from collections.abc import Collection
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from delight.outbox.models import Message
from delight.outbox.registry import MailKind, Skip, register_mail
from staff.people import emails
from staff.people.addresses import CONFIRM
from staff.people.models import JOIN_LINK_LASTS, ClaimedAddress, JoinInvitation, User


def _join_wanted(message: Message) -> JoinInvitation | Skip:
    invitation = JoinInvitation.objects.select_related("team", "invited_by").filter(pk=message.object_id).first()
    if invitation is None:
        return Skip("gone")
    if invitation.accepted_at:
        return Skip("done")
    if invitation.revoked_at:
        return Skip("cancelled")
    return invitation if invitation.is_open else Skip("too_late")


def _reset_wanted(message: Message) -> User | Skip:
    user = User.objects.filter(pk=message.object_id).first()
    if user is None:
        return Skip("gone")
    return user if user.is_active else Skip("left")


def _claim_wanted(message: Message) -> ClaimedAddress | Skip:
    claim = ClaimedAddress.objects.select_related("user").filter(pk=message.object_id).first()
    if claim is None:
        return Skip("done")
    if not claim.user.is_active:
        return Skip("left")
    return claim if claim.expires_at > timezone.now() else Skip("too_late")


def _about_claim(claim_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    found = ClaimedAddress.objects.filter(pk__in=claim_ids).values_list("pk", "user_id", "user__name")
    return {pk: (name, reverse("person", args=[user])) for pk, user, name in found}


def _about_invited(invitation_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Who is asked to join, where the invitation gives a name."""
    found = JoinInvitation.objects.filter(pk__in=invitation_ids).exclude(name="")
    people = reverse("team_list")
    return {
        pk: (name, reverse("person", args=[user]) if user else people)
        for pk, name, user in found.values_list("pk", "name", "accepted_by")
    }


def _about_user(user_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    found = User.objects.filter(pk__in=user_ids).values_list("pk", "name")
    return {pk: (name, reverse("person", args=[pk])) for pk, name in found}


register_mail(
    MailKind(
        name="join",
        about=_about_invited,
        still_wanted=_join_wanted,
        build=lambda invitation, message: emails.join_mail(invitation),
        grace=JOIN_LINK_LASTS,
    )
)
register_mail(
    MailKind(
        name="password-reset",
        about=_about_user,
        still_wanted=_reset_wanted,
        build=lambda user, message: emails.password_reset_mail(user),
        grace=timedelta(hours=6),
    )
)
register_mail(
    MailKind(
        name=CONFIRM,
        about=_about_claim,
        still_wanted=_claim_wanted,
        build=lambda claim, message: emails.confirm_address_mail(claim),
        grace=JOIN_LINK_LASTS,
    )
)

"""Verbs on recognition: thanks, spotlights, what a manager did, reactions, comments and the company's values.

A customer's praise is in `praise.py`, walls are in `walls.py`; both are offered here, too.
"""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delight.organisation.models import AuditEntry, Organisation
from staff.moments.models import Moment
from staff.people.access import is_manager
from staff.people.models import Membership, Team, User
from staff.recognition import notices
from staff.recognition.access import people_managed_by
from staff.recognition.models import SHORTEST, Comment, Reaction, Recipient, Recognition, Value, letters_in
from staff.recognition.praise import draft_praise as draft_praise
from staff.recognition.praise import drop_praise as drop_praise
from staff.recognition.praise import release_praise as release_praise
from staff.recognition.praise import withdraw_draft as withdraw_draft
from staff.recognition.refusing import KeyUsed, Refused
from staff.recognition.taste import shy_among
from staff.recognition.walls import make_wall as make_wall
from staff.recognition.walls import revoke_wall as revoke_wall

Kind, State = Recognition.Kind, Recognition.State
# Back in the browser and sent again: the same words with another key are the same within this time.
SAME_THANKS_FOR, SAME_COMMENT_FOR = timedelta(hours=1), timedelta(minutes=10)


# --- Thanking ---------------------------------------------------------------------------------------------------


@transaction.atomic
def recognise(
    *, by: User, to: Collection[User] = (), text: str, team: Team | None = None, value: Value | None = None,
    moment: Moment | None = None, is_private: bool = False, key: UUID | None = None,
) -> Recognition:  # fmt: skip
    """Thank one or several colleagues, or a team. The same key with the same content gives the one that is there,
    and so do the same words to the same people soon after, with another key.

    Thanks to somebody alone who likes no praise in front of others become private. Raises Refused with a sentence,
    and KeyUsed for the same key with another content.
    """
    made = Recognition(by=by, text=_said(text), team=team, value=value, moment=moment, key=key)
    to = _each_once(to)
    _check(by, to, made)
    if team is not None and is_private:
        raise Refused(_("Thanks to a whole team are open to everybody."))
    made.is_private = is_private or (len(to) == 1 and bool(shy_among(to)))
    return _write(made, to)


@transaction.atomic
def spotlight(
    *, by: User, to: Collection[User] = (), text: str, team: Team | None = None, value: Value | None = None,
    moment: Moment | None = None, key: UUID | None = None,
) -> Recognition:  # fmt: skip
    """A manager's open recognition, one a week at most: the database holds that. Raises as `recognise` does."""
    if not is_manager(by):
        raise Refused(_("Only managers can turn on the spotlight."))
    made = Recognition(
        kind=Kind.SPOTLIGHT, by=by, text=_said(text), team=team, value=value, moment=moment, key=key, week=this_week()
    )
    to = _each_once(to)
    _check(by, to, made)
    if shy_among(to):
        raise Refused(_("Somebody among them likes to be thanked in private. Send your thanks there instead."))
    return _write(made, to)


@transaction.atomic
def treat(*, by: User, to: User, text: str, may_tell: bool = False, key: UUID | None = None) -> Recognition:
    """A manager notes what they did for somebody of their people. Others read it only once both agree."""
    made = Recognition(kind=Kind.TREAT, by=by, text=_said(text), is_private=True, may_tell=may_tell, key=key)
    _check(by, [to], made)
    if not people_managed_by(by).filter(pk=to.pk).exists():
        raise Refused(_("Note here what you did for somebody of your own teams."))
    return _write(made, [to])


@transaction.atomic
def agree_to_tell(*, by: User, recognition: Recognition, agrees: bool) -> Recognition:
    """One of the two says whether others may read what was done; it is open as long as both agree.

    It counts as told from then on: what they have said below it before stays between them.
    """
    stored = Recognition.objects.select_for_update(of=("self",)).get(pk=recognition.pk, kind=Kind.TREAT)
    if stored.by_id == by.pk:
        stored.may_tell = agrees
    else:
        Recipient.objects.filter(recognition=stored, user=by).update(agrees_to_tell=agrees)
    everybody = not stored.recipients.exclude(agrees_to_tell=True).exists()
    was_private, stored.is_private = stored.is_private, not (stored.may_tell and everybody)
    if was_private and not stored.is_private:
        stored.told_at = timezone.now()
    stored.save(update_fields=["may_tell", "is_private", "told_at"])
    return stored


def this_week() -> date:
    """The first day of this week, by the company's calendar."""
    company = Organisation.get()
    today = timezone.now().astimezone(company.zone).date()
    return today - timedelta(days=(today.isoweekday() - company.first_weekday) % 7)


def _said(text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if letters_in(said) < SHORTEST:
        raise Refused(_("Say a little more, so that it tells what was good: at least 20 characters."))
    return said


def _each_once(people: Collection[User]) -> list[User]:
    return list({each.pk: each for each in people}.values())


def _check(by: User, to: Collection[User], made: Recognition) -> None:
    if bool(to) == (made.team is not None):
        raise Refused(_("Choose whom you thank: one or several colleagues, or a team."))
    if any(each.pk == by.pk for each in to):
        raise Refused(_("Thank somebody else: this is for others."))
    if any(not each.is_active for each in to):
        raise Refused(_("Somebody among them does not work here any more. Choose again."))
    if made.team is not None and not _others_in(made.team, by):
        raise Refused(_("Nobody but you is in this team."))
    if made.value is not None and made.value.retired_at is not None:
        raise Refused(_("This value is not offered any more. Choose another one, or none."))
    if made.moment is not None and made.moment.state != Moment.State.LOGGED:
        raise Refused(_("This moment is not told any more. Choose another one, or none."))


def _others_in(team: Team, by: User) -> bool:
    return Membership.objects.now().filter(team=team, user__is_active=True).exclude(user=by).exists()


def _write(made: Recognition, to: Collection[User]) -> Recognition:
    _one_at_a_time(made.by, made.key)
    known = _known(made, to) or _said_before(made, to)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        first = _known(made, to)
        if first is not None:  # pressed twice at once: the other one was first
            return first
        if made.kind == Kind.SPOTLIGHT:
            raise Refused(_only_one()) from error
        raise
    Recipient.objects.bulk_create(Recipient(recognition=made, user=user, by=made.by) for user in to)
    notices.tell(made)
    return made


def _only_one() -> str:
    return _(
        "You have turned the spotlight on somebody this week, and it shines because it is rare. Plain thanks are"
        " welcome at any time."
    )


def _known(made: Recognition, to: Collection[User]) -> Recognition | None:
    if made.key is None:
        return None
    found = Recognition.objects.filter(by=made.by, key=made.key).first()
    if found is None:
        return None
    told = ["value_id", "moment_id"]
    if made.kind == Kind.THANKS:  # of what a manager did the two decide later
        told.append("is_private")
    same = all(getattr(found, name) == getattr(made, name) for name in told)
    if not same or not _is_same(found, made, to):
        raise KeyUsed
    return found


def _said_before(made: Recognition, to: Collection[User]) -> Recognition | None:
    """The same from another page, such as the one to which somebody went back."""
    if made.key is None:
        return None
    since = timezone.now() - SAME_THANKS_FOR
    told = Recognition.objects.told().filter(by=made.by, text=made.text, created_at__gte=since)
    return next((each for each in told if _is_same(each, made, to)), None)


def _is_same(found: Recognition, made: Recognition, to: Collection[User]) -> bool:
    thanked = set(found.recipients.values_list("user_id", flat=True))
    return (found.kind, found.text, found.team_id, thanked) == (
        made.kind, made.text, made.team_id, {each.pk for each in to},
    )  # fmt: skip


def _one_at_a_time(by: User | None, key: UUID | None) -> None:
    """What one person sends twice at once is looked at one after the other."""
    if by is not None and key is not None:
        User.objects.select_for_update(no_key=True).get(pk=by.pk)


@transaction.atomic
def withdraw(*, by: User, recognition: Recognition) -> bool:
    """Take it back: nobody reads it any more. A second time changes nothing; tells whether this was the first."""
    told = Recognition.objects.filter(pk=recognition.pk, state=State.TOLD)
    if not told.update(state=State.WITHDRAWN, withdrawn_at=timezone.now()):
        return False
    if by.pk != recognition.by_id:
        AuditEntry.record(by=by, verb="withdraw_recognition", obj=recognition)
    return True


# --- Reactions and comments -------------------------------------------------------------------------------------


@transaction.atomic
def react(*, by: User, recognition: Recognition, kind: str, on: bool) -> None:
    """Leave a sign, or take it back. It says which of the two, so a second press does no harm."""
    if on:
        Reaction.objects.bulk_create([Reaction(recognition=recognition, user=by, kind=kind)], ignore_conflicts=True)
    else:
        Reaction.objects.filter(recognition=recognition, user=by, kind=kind).delete()


@transaction.atomic
def comment(*, by: User, recognition: Recognition, text: str, key: UUID | None = None) -> Comment:
    """Say something below it. The same key, or the same words within minutes, give the comment that is there.

    Raises KeyUsed for the same key with other words.
    """
    made = Comment(recognition=recognition, by=by, text=text.replace("\r\n", "\n").strip(), key=key)
    _one_at_a_time(by, key)
    known = _known_comment(made) or _commented_before(made)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # pressed twice at once: the other one was first
        first = _known_comment(made)
        if first is None:
            raise
        return first
    return made


def _known_comment(made: Comment) -> Comment | None:
    if made.key is None:
        return None
    known = Comment.objects.filter(by=made.by, key=made.key).first()
    if known is not None and (known.recognition_id, known.text) != (made.recognition_id, made.text):
        raise KeyUsed
    return known


def _commented_before(made: Comment) -> Comment | None:
    if made.key is None:
        return None
    same = Comment.objects.filter(by=made.by, recognition=made.recognition, text=made.text, removed_at=None)
    return same.filter(at__gte=timezone.now() - SAME_COMMENT_FOR).first()


@transaction.atomic
def remove_comment(*, by: User, comment: Comment) -> None:
    """One's own, or, as a manager, somebody else's; the latter is noted."""
    gone = Comment.objects.filter(pk=comment.pk, removed_at=None).update(removed_at=timezone.now(), text="")
    if gone and by.pk != comment.by_id:
        AuditEntry.record(by=by, verb="remove_comment", obj=comment)


# --- Values -----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_value(*, by: User, name: str, meaning: str = "") -> Value:
    """A value that recognitions may show; one that was retired comes back by its name."""
    value, _made = Value.objects.update_or_create(name=name, defaults={"meaning": meaning, "retired_at": None})
    AuditEntry.record(by=by, verb="add_value", obj=value)
    return value


@transaction.atomic
def retire_value(*, by: User, value: Value) -> None:
    """Offer it no more; what shows it already keeps it."""
    if Value.objects.filter(pk=value.pk, retired_at=None).update(retired_at=timezone.now()):
        AuditEntry.record(by=by, verb="retire_value", obj=value)

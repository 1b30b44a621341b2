"""The data map of this room. Thanks stay; what names an erased customer goes."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Erase, Group, Kept, Table, customers, employees, nobodys
from delight.outbox.models import State
from staff.recognition.digest import DIGEST
from staff.recognition.models import SHORTEST, Comment, Recipient, Recognition
from staff.recognition.names import Names, names_of
from staff.recognition.notices import TOLD
from staff.recognition.praise import withdraw_drafts_of

THANKS = Group(
    _("The thanks you gave and got, with reactions and comments"),
    _("Everybody who works here; private ones only whom they concern"),
)
TASTE = Group(_("How you like to be thanked, and when you want the weekly mail"), _("You"))
WALLS = Group(_("Which walls you set up"), _("The managers of the team, and sponsors"))

TABLES = (
    Table("recognition.Value", kept=Kept.ALWAYS, lines=nobodys("id name meaning retired_at")),
    Table(
        "recognition.Recognition",
        customer="customer",
        kept=Kept.ALWAYS,
        alive="told_at",
        group=THANKS,
        lines=nobodys("id kind state team value moment source is_private may_tell week created_at withdrawn_at")
        | nobodys("key", secret=True)
        | customers("customer told_at", Erase.KEEP)
        | customers("text")
        | employees("by released_by"),
    ),
    Table(
        "recognition.Recipient",
        kept=Kept.ALWAYS,
        group=THANKS,
        employee="user",
        also=("recognition__kind", "recognition__told_at"),
        lines=nobodys("id recognition") | employees("user by agrees_to_tell"),
    ),
    Table(
        "recognition.Reaction",
        kept=Kept.ALWAYS,
        group=THANKS,
        employee="user",
        lines=nobodys("id recognition kind at") | employees("user"),
    ),
    Table(
        "recognition.Comment",
        kept=Kept.ALWAYS,
        group=THANKS,
        employee="by",
        lines=nobodys("id recognition at removed_at")
        | nobodys("key", secret=True)
        | customers("text", Erase.KEEP)
        | employees("by"),
    ),
    Table(
        "recognition.Taste",
        kept=Kept.ALWAYS,
        group=TASTE,
        employee="user",
        lines=nobodys("id")
        | nobodys("public_id", secret=True)
        | employees("user likes_public digest digest_weekday digest_hour"),
    ),
    Table(
        "recognition.Wall",
        kept=Kept.ALWAYS,
        group=WALLS,
        lines=nobodys("id name team made_at revoked_at") | nobodys("public_id", secret=True) | employees("made_by"),
    ),
)


def messages_about(customer: Any) -> Q:
    """Mails with their praise, or thanks for what was done for them; and those of a week in which that was told."""
    told = Recognition.objects.filter(Q(customer=customer) | Q(moment__customer=customer))
    about = Q(kind=TOLD, object_id__in=Recipient.objects.filter(recognition__in=told.values("pk")).values("pk"))
    first = told.order_by("told_at").values_list("told_at", flat=True).first()
    return about if first is None else about | Q(kind=DIGEST, state=State.SENT, promised_at__gte=first)


def before_erasing(*, by: Any, customer: Any) -> None:
    """Their praise goes with them, drafts at once. Colleagues' thanks stay, without the name of whom they helped."""
    withdraw_drafts_of(customer)
    names = Names(names_of([customer]))
    about = Q(moment__customer=customer) | Q(moment__introduced_to=customer)
    about |= Q(moment__changes__before__customer=customer.pk)
    for name in names_of([customer]):
        about |= Q(text__icontains=name) | Q(comments__text__icontains=name)
    thanks = Recognition.objects.filter(about, customer=None).distinct()
    for said in Comment.objects.filter(recognition__in=thanks.values("pk")):
        Comment.objects.filter(pk=said.pk).update(text=names.left_out_of(said.text)[:500])
    for each in thanks:
        text = names.left_out_of(each.text)
        Recognition.objects.filter(pk=each.pk).update(text=text if len(text) >= SHORTEST else "")

"""The data map of this room. That something was done for somebody stays; what it was goes with the customer."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delight.customers.models import Customer
from delight.files.models import StoredFile
from delight.lib.privacy import Erase, Group, Kept, Table, customers, employees, nobodys
from staff.moments.ideas import forget_name
from staff.moments.models import Moment, MomentChange

STORIES = Group(
    _("The moments you logged, the ideas you gave or like, and the notes you wrote"),
    _("Everybody who works here; what a moment cost only you, your managers and sponsors"),
)
HINTS = Group(_("Which occasions were suggested to you, and what came of them"), _("You, your team, and sponsors"))

TABLES = (
    Table(
        "moments.Idea",
        customer="customer",
        kept=Kept.ALWAYS,
        group=STORIES,
        lines=nobodys("id kind text starter trade source usual_cost born_of kit kit_at created_at retired_at")
        | customers("customer")
        | employees("credited kit_by created_by"),
    ),
    Table(
        "moments.IdeaPin",
        kept=Kept.ALWAYS,
        group=STORIES,
        employee="user",
        also=("idea__text",),
        lines=nobodys("id idea pinned_at") | employees("user"),
    ),
    Table(
        "moments.Moment",
        customer=lambda customer: Q(customer=customer) | Q(introduced_to=customer),
        kept=Kept.ALWAYS,
        alive="happened_at",
        group=STORIES,
        lines=nobodys("id key key_digest state idea team account spend created_at withdrawn_at told_at people_agreed")
        | customers("customer introduced_to visit happened_at reaction", Erase.KEEP)
        | customers("what photo introduced_whom came_of_it")
        | employees("user"),
    ),
    Table(
        "moments.MomentChange",
        customer=lambda customer: Q(moment__customer=customer) | Q(moment__introduced_to=customer),
        kept=Kept.ALWAYS,
        group=STORIES,
        lines=nobodys("id moment at fields") | customers("before") | employees("by"),
    ),
    Table(
        "moments.PersonalNote",
        customer="customer",
        kept=Kept.ALWAYS,
        alive="created_at",
        group=STORIES,
        lines=nobodys("id key moment created_at sent_at not_sent")
        | nobodys("public_id", secret=True)
        | customers("customer", Erase.KEEP)
        | customers("text")
        | customers("mailed_to", secret=True)
        | employees("by"),
    ),
    Table(
        "moments.OccasionTrial",
        kept=Kept.ALWAYS,
        group=HINTS,
        lines=nobodys("id kind begins_on ends_on seed points needed expected started_at stopped_at")
        | employees("started_by stopped_by"),
    ),
    Table(
        "moments.Occasion",
        customer="customer",
        kept=Kept.ALWAYS,
        group=HINTS,
        lines=nobodys("id cycle team idea moment trial arm made_at decided_at")
        | customers("customer kind due_on until state", Erase.KEEP)
        | employees("user decided_by"),
    ),
)


def messages_about(customer: Any) -> Q:
    about = Moment.objects.filter(Q(customer=customer) | Q(introduced_to=customer))
    return Q(kind="note", object_id__in=customer.notes.values("pk")) | Q(
        kind="introduced", object_id__in=about.values("pk")
    )


def before_erasing(*, by: Any, customer: Any) -> None:
    """Photos go, what moments said before they were changed, and the name where an idea was made of them."""
    forget_name(customer)
    about = Q(customer=customer) | Q(introduced_to=customer)
    files = list(Moment.objects.filter(about, photo__isnull=False).values_list("photo", flat=True))
    Moment.objects.filter(photo__in=files).update(photo=None)
    StoredFile.objects.filter(pk__in=files).delete()
    once = [customer.pk, *Customer.objects.filter(merged_into=customer).values_list("pk", flat=True)]
    once_theirs = MomentChange.objects.filter(Q(before__customer__in=once) | Q(before__introduced_to__in=once))
    theirs = Moment.objects.filter(about | Q(pk__in=once_theirs.values("moment")))
    MomentChange.objects.filter(moment__in=theirs).update(before={})

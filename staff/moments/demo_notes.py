"""A few personal notes of the demo company, all of them sent long ago."""

import random
from datetime import datetime, timedelta

from delight.customers.models import Customer, Suppression, address_hashes
from delight.customers.services import suppress
from staff.moments.models import Moment, PersonalNote

TEXTS = (
    "your grandfather’s chair is back from the upholsterer, and you shall be the first to sit in it. Thank you for"
    " telling us about the workshop.",
    "I hope the first day in the new job went well. If the fringe gets in the way, just come by: two minutes, no"
    " appointment.",
    "the photo of your wedding hair came today. It hangs beside my mirror now. Thank you, and all the best to both"
    " of you.",
    "you asked about a shampoo for your daughter. I asked the pharmacy at the corner: they keep one for you until"
    " Saturday.",
    "it was good to see you again after the winter. I have noted how you like it now, so next time you need not"
    " explain a thing.",
    "thank you for your patience on Saturday. Your next appointment begins with a hot towel.",
)
NOT_SENT = "unsubscribed"


def make(*, now: datetime) -> list[PersonalNote]:
    """Each by who looks after the customer, some after a moment; one did not go out, and says why."""
    rng = random.Random(1911)  # noqa: S311 - the same company each time is what is wanted
    found = Customer.objects.filter(owner__email__isnull=False, owner__is_active=True, email__isnull=False)
    eligible = list(found.exclude(address_source="other").select_related("owner").order_by("pk"))
    chosen = rng.sample(eligible, len(TEXTS))
    made = []
    for number, (customer, text) in enumerate(zip(chosen, TEXTS, strict=True)):
        at = now - timedelta(days=9 + 11 * number, hours=rng.randrange(1, 7))
        note = PersonalNote.objects.create(
            by_id=customer.owner_id, customer=customer, text=f"{_greeting(customer)}\n\n{text[0].upper()}{text[1:]}",
            moment=Moment.objects.told().filter(customer=customer, user=customer.owner_id).first(),
        )  # fmt: skip
        sent = {"sent_at": at + timedelta(seconds=20), "mailed_to": address_hashes(customer.email or "")[0]}
        PersonalNote.objects.filter(pk=note.pk).update(
            created_at=at, **({"not_sent": NOT_SENT} if number == len(TEXTS) - 1 else sent)
        )
        made.append(note)
    suppress(chosen[-1].email or "", Suppression.Scope.NOTES, NOT_SENT)
    return made


def _greeting(customer: Customer) -> str:
    return f"Dear {customer.address_as}," if customer.address_as else "Good day,"

"""What is done for the canary: moments with all that can hang on them, an idea that they gave, a personal note."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def delight(*, mark: str, customer, staff, manager, other) -> None:
    """A paid moment, declined with a word; one with a photo, put right later; an introduction; an idea; a note."""
    from staff.moments.ideas import add_idea, steal_idea
    from staff.moments.notes import write_note
    from staff.moments.services import change_moment, log_moment, tell_what_came

    type(customer).objects.filter(pk=customer.pk).update(birth_day=3, birth_month=4, notes_consent_on=date(2026, 1, 31))
    _paid_and_declined(mark, customer, staff, manager)
    moment = log_moment(
        by=staff, key=uuid4(), what=f"{mark} what", customer=customer, photo=_photo(), people_agreed=True,
        introduced_whom=f"{mark} whom",
    )  # fmt: skip
    change_moment(by=staff, moment=moment, what=f"{mark} again, for {customer.name}")
    tell_what_came(by=staff, moment=moment, text=f"{mark} came of it")
    log_moment(by=staff, key=uuid4(), what=f"{mark} for somebody else", customer=other, introduced_to=customer)
    wrong = log_moment(by=staff, key=uuid4(), what=f"{mark}, who was meant by mistake: once theirs", customer=customer)
    change_moment(by=staff, moment=wrong, what="Tea", customer=other)
    steal_idea(by=manager, moment=moment)
    add_idea(by=staff, kind="do", text="Tea for everybody.", source="customer", customer=customer)
    _thanked(mark, customer, moment, staff, manager)
    write_note(by=staff, customer=customer, text=f"Dear {mark},\n\nsee you in May.", key=uuid4(), moment=moment)


def _thanked(mark: str, customer, moment, staff, manager) -> None:
    """Praise that is told and praise that waits; thanks about a moment of theirs, and some that only name them."""
    from staff.recognition import services

    for number in (1, 2):
        praise = services.draft_praise(
            source=f"canary:{number}", customer=customer, text=f"{mark} says: wonderful", people=[staff]
        )
    services.release_praise(by=manager, recognition=praise, is_private=True)
    thanks = services.recognise(
        by=manager, to=[staff], text=f"For the tea with {mark}name on that rainy day.", moment=moment
    )
    services.comment(by=staff, recognition=thanks, text=f"{customer.name} liked it.")
    services.recognise(by=manager, to=[staff], text=f"{customer.name} came back because of you.")


def _photo():
    from delight.files.uploads import photo_from

    image = BytesIO()
    Image.new("RGB", (8, 8)).save(image, "JPEG")
    return photo_from(SimpleUploadedFile("photo.jpg", image.getvalue()))


def _paid_and_declined(mark: str, customer, staff, manager) -> None:
    from delight.customers.models import Account
    from delight.files.uploads import receipt_from
    from staff.budget.granting import set_sum
    from staff.budget.models import Spend
    from staff.budget.services import decline
    from staff.moments.services import log_moment

    Account.objects.filter(pk=customer.account_id).update(gift_rule="ask")
    customer.refresh_from_db()
    set_sum(by=manager, user=staff, amount=Decimal(50), from_now=True)
    receipt = receipt_from(SimpleUploadedFile("receipt.pdf", f"%PDF-1.4 {mark} receipt %%EOF".encode()))
    log_moment(by=staff, key=uuid4(), what=f"{mark} cake", customer=customer, cost=Decimal(9), receipt=receipt)
    decline(by=manager, spend=Spend.objects.get(customer=customer), reason=f"{mark} has had one")

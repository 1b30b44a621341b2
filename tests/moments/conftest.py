"""Money to spend, and pictures to upload."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone


@pytest.fixture
def customer(make_customer, team):
    return make_customer("Olena Koval", team=team)


@pytest.fixture
def budget(staff):
    """Sam has 50 a month."""
    from staff.budget.models import MonthlySum

    return MonthlySum.objects.create(user=staff, amount=Decimal(50), since=timezone.localdate().replace(day=1))


@pytest.fixture
def make_moment(staff, customer) -> Callable:
    """`make_moment(cost=…, by=…)`: something that Sam did for Olena."""
    from staff.moments.services import log_moment

    def make(by=None, **fields):
        return log_moment(**{"by": by or staff, "key": uuid4(), "what": "Tea", "customer": customer} | fields)

    return make


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options) -> bytes:
    from PIL import Image

    made = BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else None).save(made, kind, **options)
    return made.getvalue()


def uploaded(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def later(db):
    """`later(days=3)`: what waits in the outbox is due that much sooner; the database's clock decides what is due."""
    from datetime import timedelta

    from django.db.models import F

    from delight.outbox.models import Message

    def do(**time):
        step = timedelta(**time)
        Message.objects.filter(state="waiting").update(due_at=F("due_at") - step, promised_at=F("promised_at") - step)

    return do

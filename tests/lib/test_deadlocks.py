"""After a deadlock the same request is tried once more, with its files."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from delight.organisation.models import Organisation

DEADLOCK = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"  # as PostgreSQL ends one of two
DIVISION = "SELECT 1 / 0"
tries: list[bytes] = []


@login_not_required
def write(request: HttpRequest, statement: str, times: int) -> HttpResponse:
    """Adds to the company's name and fails as often as it is told."""
    with transaction.atomic():
        company = Organisation.objects.select_for_update().get()
        company.name += "!"
        company.save()
        tries.append(request.FILES["file"].read())
        if len(tries) <= times:
            with connection.cursor() as cursor:
                cursor.execute(statement)
    return HttpResponse("written")


urlpatterns = [
    path("once/", write, {"statement": DEADLOCK, "times": 1}),
    path("twice/", write, {"statement": DEADLOCK, "times": 2}),
    path("otherwise/", write, {"statement": DIVISION, "times": 1}),
]


@pytest.fixture
def post(transactional_db, organisation, settings):
    settings.ROOT_URLCONF = __name__
    tries.clear()

    def do(url: str) -> HttpResponse:
        return Client(raise_request_exception=False).post(url, {"file": SimpleUploadedFile("a.txt", b"words")})

    return do


def test_one_deadlock_is_not_noticed(post, organisation):
    assert post("/once/").content == b"written"
    assert tries == [b"words", b"words"]
    organisation.refresh_from_db()
    assert organisation.name == "Barber & Sons!"


@pytest.mark.parametrize(("url", "times"), [("/twice/", 2), ("/otherwise/", 1)])
def test_a_second_deadlock_and_any_other_trouble_is_an_error_and_nothing_is_written(post, organisation, url, times):
    assert post(url).status_code == 500
    assert len(tries) == times
    organisation.refresh_from_db()
    assert organisation.name == "Barber & Sons"

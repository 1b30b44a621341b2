"""Health: the web answers; the worker goes forward, by what it has done and not by being there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delight.outbox.models import Progress
from delight.outbox.pump import run_due
from delight.outbox.services import enqueue


def test_web_health_is_open_to_all_and_asks_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200,
        b"ok\n",
        "text/plain; charset=utf-8",
    )


def test_worker_health_is_red_before_the_first_round_and_green_after_it(client, organisation):
    assert client.get("/healthz/worker").status_code == 503
    run_due()
    answer = client.get("/healthz/worker")
    assert answer.status_code == 200
    assert b"seconds since progress: 0" in answer.content


@pytest.mark.parametrize(("seconds", "status"), [(80, 200), (100, 503)])
def test_worker_health_turns_red_after_ninety_seconds(client, db, seconds, status):
    Progress.objects.create(name="pump", at=timezone.now() - timedelta(seconds=seconds))
    assert client.get("/healthz/worker").status_code == status


def test_worker_health_says_how_many_messages_are_late(client, organisation):
    enqueue(kind="follow-up", object_id=1, key="a", due_at=timezone.now() - timedelta(minutes=10))
    enqueue(kind="follow-up", object_id=1, key="b", due_at=timezone.now() + timedelta(minutes=10))
    assert b"late messages: 1" in client.get("/healthz/worker").content


def test_health_asks_for_no_https_detour(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/help/").status_code == 301

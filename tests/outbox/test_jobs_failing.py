"""A job that fails takes its room's row along, or neither."""

import pytest

from delight.outbox import registry
from delight.outbox.jobs import run_one
from delight.outbox.models import Job
from delight.outbox.registry import JobKind
from delight.outbox.services import start_job


def test_a_job_whose_room_could_not_be_told_has_not_failed_yet(organisation, monkeypatch):
    def explode(*_):
        raise RuntimeError

    monkeypatch.setitem(registry.JOB_KINDS, "told", JobKind("told", run=explode, on_failed=explode))
    start_job(kind="told", object_id=1, key="told:1")
    with pytest.raises(RuntimeError):
        run_one()
    assert Job.objects.get().state == "running"

"""The long work of this room."""

from delight.customers.importing import jobs, retention
from delight.outbox.registry import JobKind, register_job

CHECK_IMPORT = register_job(JobKind(name="check-import", run=jobs.check, on_failed=jobs.check_failed))
RUN_IMPORT = register_job(JobKind(name="run-import", run=jobs.run, on_failed=jobs.run_failed))
REMOVE_FILE = register_job(JobKind(name=retention.KIND, run=retention.remove_when_over))

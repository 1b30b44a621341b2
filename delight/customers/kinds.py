"""The long work of this room."""

from delight.customers.importing import jobs, retention
from delight.customers.memory import forgetting
from delight.customers.visits import calendars, files
from delight.outbox.registry import JobKind, register_job
from delight.outbox.rounds import register_round

CHECK_IMPORT = register_job(JobKind(name="check-import", run=jobs.check, on_failed=jobs.check_failed))
READ_WORKBOOK = register_job(JobKind(name="read-workbook", run=jobs.read_sheet, on_failed=jobs.check_failed))
RUN_IMPORT = register_job(JobKind(name="run-import", run=jobs.run, on_failed=jobs.run_failed))
REMOVE_FILE = register_job(JobKind(name=retention.KIND, run=retention.remove_when_over))
READ_CALENDAR = register_job(JobKind(name=calendars.KIND, run=calendars.read_calendar))
CHECK_VISITS = register_job(JobKind(name="check-visits", run=files.check, on_failed=files.failed))
TAKE_VISITS = register_job(JobKind(name="take-visits", run=files.take, on_failed=files.failed))
REMOVE_VISIT_FILE = register_job(JobKind(name="remove-visit-file", run=files.remove_when_old))
register_round("calendars", calendars.EVERY, calendars.read_all)
register_round("forget-facts", forgetting.EVERY, forgetting.forget_facts)

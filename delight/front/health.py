"""Whether the web process answers, and whether work goes forward."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from delight.outbox.models import Message, Progress

STALE_AFTER_SECONDS = 90


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return _plain("ok", 200)


@require_safe
@never_cache
@login_not_required
def healthz_worker(request: HttpRequest) -> HttpResponse:
    """Health is progress, by the database's clock: red after 90 s without any, or when there never was."""
    late = f"late messages: {Message.objects.late().count()}"
    seconds = seconds_since_progress()
    if seconds is None:
        return _plain(f"the worker has never finished a round\n{late}", 503)
    healthy = seconds <= STALE_AFTER_SECONDS
    return _plain(f"seconds since progress: {seconds}\n{late}", 200 if healthy else 503)


def seconds_since_progress() -> int | None:
    """Since the worker last finished looking for work; None when it never did."""
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    last = Progress.objects.filter(name="pump").annotate(age=age).values_list("age", flat=True).first()
    return None if last is None else max(0, int(last.total_seconds()))


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")

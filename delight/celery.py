"""The doorbell. Tasks carry no data and no time; PostgreSQL alone knows what is due."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delight.settings")

app = Celery("delight")


def configure() -> None:
    from django.conf import settings

    # Short timeouts so that a frozen Redis costs the ringing thread a second and nobody else anything.
    app.conf.update(
        broker_url=settings.REDIS_URL,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2},
        task_ignore_result=True,
        task_acks_late=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_soft_shutdown_timeout=20,
        worker_hijack_root_logger=False,
        beat_schedule={"ring": {"task": "delight.outbox.tasks.pump", "schedule": 10.0, "options": {"expires": 30}}},
    )


configure()
app.autodiscover_tasks()


@worker_init.connect
def check_the_key(**_: object) -> None:
    from delight.organisation.services import check_key

    check_key()

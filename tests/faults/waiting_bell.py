"""The control of test_redis: the site with a bell that rings inside the request, as most Django sites do."""

from delight.outbox import bell
from delight.wsgi import application  # noqa: F401 - gunicorn looks for it here


def ring_and_wait() -> None:
    from delight.outbox.tasks import pump

    pump.delay()


bell._ring_now = ring_and_wait

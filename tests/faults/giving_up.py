"""The control of test_redis: a worker and a beat that do not look for a broker that has gone."""

from delight.celery import app

app.conf.broker_connection_retry = False

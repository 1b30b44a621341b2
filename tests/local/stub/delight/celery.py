import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delight.settings")
app = Celery("stub", broker=os.environ["REDIS_URL"])

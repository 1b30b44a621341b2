"""The smallest site that `up` can run: real Django, real Celery, no rooms."""

import environ

env = environ.Env()
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
DATABASES = {"default": env.db_url("DATABASE_URL")}
INSTALLED_APPS = ["delight.stub"]
ROOT_URLCONF = "delight.stub.urls"
REDIS_URL = env.str("REDIS_URL")

"""The product as it is, with one view beside it to be measured against."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "messagecenter.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "messagecenter.bench.urls"

application = get_wsgi_application()

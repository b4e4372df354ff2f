"""The server's entrance: gunicorn runs `messagecenter.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "messagecenter.settings")

application = get_wsgi_application()

# Every view is imported now and not by the first request, and what the start made is set aside: it lives as
# long as the process, and the garbage collector need not walk through it again and again (a tenth of the
# time of an order event).
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()

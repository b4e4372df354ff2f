# syntax=docker/dockerfile:1

FROM python:3.12-slim AS packages
ENV PIP_CACHE_DIR=/var/cache/pip PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt /
RUN python -m venv /opt/venv
RUN --mount=type=cache,target=/var/cache/pip \
    /opt/venv/bin/python -m pip install --require-hashes --requirement /requirements.txt


FROM python:3.12-slim
# libmagic tells a file's type by its content.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libmagic1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin messagecenter
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=messagecenter.settings
WORKDIR /app
COPY manage.py ./
COPY accounts accounts
COPY messagecenter messagecenter
COPY notifications notifications
COPY orders orders
COPY static static
COPY templates templates
# Neither step needs a server or a secret; the ones that development makes for itself must not stay.
RUN export MC_MODE=development MC_NO_EMBEDDED=1 \
    && python manage.py words --compile \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && rm -f .local/secrets.json \
    && chown messagecenter .local
USER messagecenter
ENV MC_MODE=production
EXPOSE 8000
# TLS and slow clients are the business of the proxy in front; WEB_CONCURRENCY sets the number of workers.
CMD ["gunicorn", "messagecenter.wsgi", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm", \
     "--access-logfile", "-", "--max-requests", "20000", "--max-requests-jitter", "2000"]

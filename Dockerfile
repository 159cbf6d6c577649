# The deployment image: one image for web, worker, beat and the one-off commands.

# --- What browsers load ---------------------------------------------------------------------------
FROM node:22-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci

# --- Python packages ------------------------------------------------------------------------------
FROM python:3.12-slim-trixie AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/runtime.txt /tmp/runtime.txt
RUN /venv/bin/pip install --require-hashes -r /tmp/runtime.txt

# --- Translations and static files ----------------------------------------------------------------
FROM packages AS built
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
COPY --from=browser /app/node_modules node_modules
# Settings want secrets to load; these live in this layer's command only and protect nothing.
RUN export DJANGO_SETTINGS_MODULE=alliance.config.settings.production \
        PATH="/venv/bin:$PATH" STATIC_ROOT=/static SECRET_KEY=build LOOKUP_KEY=build-build-build \
        FIELD_ENCRYPTION_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    && python manage.py compilemessages --ignore node_modules \
    && python manage.py collectstatic --no-input \
    && rm -rf node_modules

# --- What runs ------------------------------------------------------------------------------------
FROM python:3.12-slim-trixie
# pg_dump and pg_restore of the server's version, for manage.py backup and restore.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin app \
    && install --directory --owner=app --group=app /var/lib/alliance /var/lib/alliance/media /backups
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=alliance.config.settings.production \
    RUN_DIR=/var/lib/alliance \
    MEDIA_ROOT=/var/lib/alliance/media \
    STATIC_ROOT=/static
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=built /static /static
COPY --from=built /app /app
USER app
EXPOSE 8000
# WEB_CONCURRENCY sets the number of processes.
CMD ["gunicorn", "alliance.config.wsgi", "--config=alliance/config/gunicorn.py", "--bind=0.0.0.0:8000"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; \
u.urlopen(u.Request('http://127.0.0.1:8000/health/live/', \
headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"]

# One image for the web server, the worker, the scheduler and the migrations; they differ in their command.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /portal
RUN useradd --system --home-dir /portal portal && install -d -o portal /srv/media /srv/journal /srv/handover

COPY requirements/run.txt requirements/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/run.txt

COPY . .
# These read the settings and touch no server.
RUN export SECRET_KEY=build DATABASE_URL=postgres://nowhere/portal REDIS_URL=redis://nowhere/0 \
    && python -m tmgportal.messages --compile \
    && python manage.py collectstatic --no-input

USER portal
ENV MEDIA_ROOT=/srv/media JOURNAL_DIR=/srv/journal HANDOVER_DIR=/srv/handover
EXPOSE 8000
# At most as many threads as the pool has connections (DATABASE_POOL, 8).
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--workers", "2", \
     "--blocking-threads", "4", "--respawn-failed-workers", "--log-level", "warning", "tmgportal.wsgi:application"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz/live', timeout=2)"]

# The worker: the project, its pinned requirements, a user without rights.
FROM python:3.13.9-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements/runtime.txt requirements/
RUN /venv/bin/pip install --require-hashes -r requirements/runtime.txt
COPY . .
RUN /venv/bin/pip install --no-index --no-deps --no-build-isolation --editable .

FROM python:3.13.9-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DUBAN_DATA=/var/lib/duban DUBAN_LOG_FORMAT=json
RUN groupadd --gid 10001 duban \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin duban \
    && install -d -o duban -g duban -m 0750 /var/lib/duban
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
VOLUME /var/lib/duban
CMD ["python", "worker.py"]

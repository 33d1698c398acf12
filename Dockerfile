# Duban's image: the wheel, the pinned requirements of a worker without the engines, a user without rights.
FROM python:3.13.9-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1
WORKDIR /src
COPY requirements/ requirements/
RUN python -m venv /build && /build/bin/pip install --require-hashes -r requirements/build.txt \
    && python -m venv --without-pip /venv \
    && /build/bin/pip --python /venv/bin/python install --require-hashes -r requirements/runtime.txt
COPY . .
RUN /build/bin/python deploy/build_wheel.py --wheel-only /wheel \
    && /build/bin/pip --python /venv/bin/python install --no-index --no-deps /wheel/*.whl

FROM python:3.13.9-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DUBAN_DATA=/var/lib/duban DUBAN_LOG_FORMAT=json
RUN groupadd --gid 10001 duban \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin duban \
    && install -d -o duban -g duban -m 0750 /var/lib/duban
COPY --from=build /venv /venv
COPY deploy/worker_health.py deploy/set_up_ledger.py /app/deploy/
WORKDIR /app
USER 10001:10001
VOLUME /var/lib/duban
CMD ["python", "-m", "worker"]

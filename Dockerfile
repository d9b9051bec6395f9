# capi-import in a container: not root, nothing written but /state and /tmp. How to run it: docs/watch.md
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml README.md ./
COPY importer ./importer
COPY schemas ./schemas
COPY sample_data ./sample_data
RUN pip wheel --no-cache-dir --wheel-dir /wheels '.[alerts,postgres,sftp,sql-postgres,sql-sqlite]'

FROM python:3.11-slim-bookworm
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels 'capi-import[alerts,postgres,sftp,sql-postgres,sql-sqlite]' \
    && groupadd --gid 10001 capi \
    && useradd --uid 10001 --gid capi --home-dir /state --no-create-home --shell /usr/sbin/nologin capi \
    && install -d -o capi -g capi -m 700 /state \
    && install -d -o capi -g capi /inbox
ENV HOME=/state XDG_STATE_HOME=/state XDG_CONFIG_HOME=/state/config PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /state
VOLUME ["/state"]
# The watcher touches this file at every look, and at every batch of a long import.
HEALTHCHECK --interval=60s --timeout=10s --start-period=120s --retries=3 \
    CMD ["find", "/state/capi-import/watched/alive", "-mmin", "+5", "-exec", "false", "{}", "+"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["capi-import"]
CMD ["watch", "/inbox"]

# One image for every process of Tiến Độ: `serve` (default), `worker` and each other `tiendo` command.

# --- browser files: Node is needed here and nowhere later
FROM node:24-trixie-slim AS packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

# --- Python packages, checked against their hashes, and the files that browsers get
FROM python:3.13-slim-trixie AS build
WORKDIR /srv/tiendo
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never
COPY requirements/ requirements/
RUN python -m venv /srv/tools \
    && /srv/tools/bin/pip install --require-hashes -r requirements/tools.lock \
    && /srv/tools/bin/uv venv --python /usr/local/bin/python3.13 /srv/python \
    && /srv/tools/bin/uv pip sync --python /srv/python/bin/python --compile-bytecode \
        --require-hashes requirements/base.lock
COPY pyproject.toml README.md LICENSE ./
COPY app/ app/
COPY migrations/ migrations/
COPY samples/ samples/
COPY scripts/ scripts/
COPY --from=packages /build/node_modules/ node_modules/
# Editable, because migrations, samples and browser files lie beside the package.
RUN /srv/python/bin/python scripts/vendor.py \
    && /srv/tools/bin/uv pip install --python /srv/python/bin/python --no-deps \
        --build-constraints requirements/build.lock --editable . \
    && rm -rf node_modules scripts requirements \
    && /srv/python/bin/python -m compileall -q app migrations

# --- what runs
FROM python:3.13-slim-trixie
# pg_dump and pg_restore of the major version that compose.yaml runs: others refuse to copy or to restore.
# tesseract reads scans. LibreOffice, for .doc files, would double the image: van-hanh.md says how to add it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 tesseract-ocr tesseract-ocr-vie \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 tiendo \
    && useradd --system --uid 10001 --gid tiendo --home-dir /srv/tiendo --shell /usr/sbin/nologin tiendo \
    && install -d -o tiendo -g tiendo -m 0750 /var/lib/tiendo
COPY --from=build /srv/python/ /srv/python/
COPY --from=build /srv/tiendo/ /srv/tiendo/
WORKDIR /srv/tiendo
ENV PATH=/srv/python/bin:$PATH PYTHONUNBUFFERED=1 TIENDO_DATA_DIR=/var/lib/tiendo
USER tiendo
VOLUME /var/lib/tiendo
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["tiendo"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

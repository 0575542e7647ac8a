# The platform in one image; the command says which role it has. docker-compose.yml runs all of them.

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
COPY requirements-runtime.lock .
RUN python -m venv /opt/piracy-monitor \
 && /opt/piracy-monitor/bin/pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements-runtime.lock
COPY . .
RUN /opt/piracy-monitor/bin/pip install --no-cache-dir hatchling==1.33.0 \
 && /opt/piracy-monitor/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/piracy-monitor/bin/pip uninstall --yes hatchling

FROM python:3.11.14-slim-bookworm
# A browser for pages that need one, fonts to show them, and bsdtar for RAR archives and disc images.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends chromium fonts-noto-cjk libarchive-tools \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin piracy-monitor \
 && install -d -o piracy-monitor -m 0750 /data
COPY --from=build /opt/piracy-monitor /opt/piracy-monitor
ENV PATH=/opt/piracy-monitor/bin:$PATH \
    PIRACY_MONITOR_DATA=/data \
    NUMBA_CACHE_DIR=/data/compiled
USER piracy-monitor
WORKDIR /data
VOLUME /data
ENTRYPOINT ["piracy-monitor"]
CMD ["--help"]

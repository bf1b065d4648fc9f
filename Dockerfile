# Three images from the steps of script/setup: the database, the portal, and the proxy in front of it.
FROM debian:bookworm-slim AS base
# Mirrors near you, if you have them; empty, each tool uses its own default.
ARG APT_MIRROR
ENV LANG=C.UTF-8
WORKDIR /project
COPY script script
COPY deploy deploy
RUN if [ -n "$APT_MIRROR" ]; then sed -i "s|^URIs: .*/debian$|URIs: $APT_MIRROR|" /etc/apt/sources.list.d/debian.sources; fi


FROM base AS db
RUN script/setup packages database && rm -rf var /var/lib/apt/lists/* \
    && install -d -o postgres -g postgres -m 700 /var/lib/portal
USER postgres
STOPSIGNAL SIGINT
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["deploy/health", "db"]
ENTRYPOINT ["deploy/database"]


FROM base AS portal
RUN script/setup packages portal && rm -rf var /var/lib/apt/lists/*
ARG PIP_INDEX_URL
ARG NPM_CONFIG_REGISTRY
COPY requirements.txt package.json package-lock.json .npmrc ./
RUN script/setup dependencies && rm -rf var ~/.cache ~/.npm
COPY . .
RUN SECRET_KEY=only-for-building DATABASE_URL=postgis://portal@db/portal script/setup files && rm -rf var \
    && useradd --no-create-home --home-dir /nonexistent --uid 10001 portal \
    && install -d -o portal -g portal -m 750 /project/var /project/var/media
USER portal
HEALTHCHECK --interval=15s --timeout=10s --start-period=120s --retries=4 CMD ["deploy/health", "web"]
ENTRYPOINT ["deploy/entrypoint"]
CMD ["web"]


FROM base AS proxy
RUN script/setup packages proxy && rm -rf var /var/lib/apt/lists/* \
    && install -d -o www-data -g www-data -m 750 /var/cache/portal
COPY deploy/nginx.conf /etc/nginx/nginx.conf
USER www-data
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=4 CMD ["deploy/health", "nginx"]
ENTRYPOINT ["/usr/sbin/nginx", "-e", "stderr", "-g", "daemon off;"]

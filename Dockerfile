# The processor as an image. Debian rather than Alpine: the store's add-on comes ready-made for
# glibc on x64 and arm64, and for musl on x64 only.
#
#   docker build -t settlestream .
#   docker run -v settlement:/var/lib/settlement -p 127.0.0.1:9464:9464 settlestream

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.base.json ./
COPY src ./src
RUN npx tsc -b

FROM node:24-bookworm-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="settlestream" \
      org.opencontainers.image.description="Settles marketplace trade as a stream" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /opt/settlestream
COPY --from=dependencies /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json README.md CHANGELOG.md LICENSE ./
COPY schemas ./schemas
RUN install -d -o node -g node -m 0700 /var/lib/settlement
# Published ports reach the container's own address, not its loopback; publish them on the host's.
ENV NODE_ENV=production \
    SETTLE_STATE=/var/lib/settlement \
    SETTLE_HOST=0.0.0.0 \
    SETTLE_PORT=9464
USER node
VOLUME /var/lib/settlement
EXPOSE 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s \
  CMD ["node", "/opt/settlestream/dist/app/healthcheck.js"]
ENTRYPOINT ["node", "/opt/settlestream/dist/app/main.js"]
CMD ["run"]

# One image for the API, the worker and the migrations; the command says which.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages packages
COPY apps apps
RUN npm ci
COPY . .
RUN npm run build

# The migrations need Prisma's command line; the servers do not.
FROM build AS migrate
ENV CHECKPOINT_DISABLE=1
CMD ["node", "packages/store/dist/migrate/main.js"]

FROM build AS pruned
RUN npm prune --omit=dev

FROM node:22-bookworm-slim AS runtime
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production RETORT_DATA=/data
WORKDIR /app
COPY --from=pruned /app/node_modules node_modules
COPY --from=pruned /app/packages packages
COPY --from=pruned /app/apps apps
COPY --from=pruned /app/package.json ./
# Their names are compared with those that the database has.
COPY --from=pruned /app/prisma/migrations prisma/migrations
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
# tini signals the supervisor only, so that it, and not the signal, ends its compute children.
ENTRYPOINT ["tini", "--"]

FROM runtime AS worker
HEALTHCHECK NONE
CMD ["node", "apps/worker/dist/main.js"]

FROM runtime AS api
ENV HOST=0.0.0.0 PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/api/dist/server.js"]

# docker build -f docker/producer.Dockerfile -t telegramq-producer .
#
# Up to the last stage, every Dockerfile here is the same: Docker installs and builds once for all images.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# A third of it is for compilers and debuggers only; nestjs-telegraf asks for typescript, and runs without.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev \
 && rm -rf node_modules/typescript \
 && find node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.[cm]ts' \) -delete

FROM packages AS build
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist/apps/producer dist/apps/producer
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps HTTP_HOST=0.0.0.0 HTTP_PORT=3000
# Uploaded files, and the ledger's file where DATABASE_URL names no other place: give both apps the same volume here.
RUN install -d -o node -g node data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/producer/main.js"]

# docker build -f docker/sandbox.Dockerfile -t telegramq-sandbox .
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
COPY --from=build /app/dist/apps/sandbox dist/apps/sandbox
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps SANDBOX_HOST=0.0.0.0 SANDBOX_PORT=8081
USER node
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SANDBOX_PORT}/sandbox/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/sandbox/main.js"]

# The operator as one file on a distroless Node, without a shell and without root.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
COPY --from=build /build/dist/ ./
ENV NODE_OPTIONS="--enable-source-maps"
USER nonroot
ENTRYPOINT ["/nodejs/bin/node", "/app/headframe.mjs"]
CMD ["operator"]

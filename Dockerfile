# The server as an image: docker build -t pds .   How to run it: docs/operating.md.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Pds.Server -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble

RUN install -d -o "$APP_UID" -g "$APP_UID" /pds

COPY --from=build /app /app

# Port and directory of the official image, so that its environment file and its volume fit.
ENV PDS_PORT=3000 \
    PDS_DATA_DIRECTORY=/pds \
    PATH="/app:$PATH"
USER $APP_UID
WORKDIR /pds
VOLUME /pds
EXPOSE 3000

# The image has no curl, and needs none for this.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PDS_PORT && printf 'GET /xrpc/_health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r -u 3 _ status _ && [ \"$status\" = 200 ]"]

ENTRYPOINT ["pds"]
CMD ["serve"]

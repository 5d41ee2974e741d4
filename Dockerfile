# The images: docker build --target telemetry|trainer|trainer-cuda . What they are for stands in docs/deploy.md.
# Uses jars that are built already (./mvnw -DskipTests package), else compiles them.
ARG BUILD_IMAGE=eclipse-temurin:17-jdk
ARG RUN_IMAGE=eclipse-temurin:17-jre

FROM ${BUILD_IMAGE} AS build
# Maven profiles, for trainer-cuda: cuda,cuda-redist
ARG PROFILES=
WORKDIR /src
COPY . .
RUN docker/jars

FROM ${RUN_IMAGE} AS base
RUN groupadd --gid 10001 gradwatch \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin gradwatch \
 && install -d -o 10001 -g 10001 -m 0750 /data /config
ENV GRADWATCH_HOME=/data
USER 10001:10001
WORKDIR /data
VOLUME /data

FROM base AS telemetry
COPY docker/telemetry docker/access /usr/local/bin/
COPY --from=build /jars/telemetry/lib /opt/gradwatch/lib
COPY --from=build /jars/telemetry/app /opt/gradwatch/app
EXPOSE 8080
# ready: history is open, Kafka answers, the log has been read to its end
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 \
  CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["telemetry"]
# a container has to listen to others: the first start gives out a token
CMD ["--host", "0.0.0.0", "--first-admin", "admin"]

FROM base AS trainer-base
# as ./gradwatch sets them for its trainers: arrays of convolutions are kept instead of asked for anew
ENV OMP_WAIT_POLICY=passive \
    GOMP_SPINCOUNT=5000 \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_MAX_=0 \
    MALLOC_TRIM_THRESHOLD_=8589934592 \
    GLIBC_TUNABLES=glibc.malloc.hugetlb=1
COPY docker/trainer /usr/local/bin/
COPY --from=build /jars/experiments/lib /opt/gradwatch/lib
# no port, and training goes on without Kafka: what is wrong shows in the exit code, and as a silent run on the dashboard
HEALTHCHECK NONE
ENTRYPOINT ["trainer"]
CMD ["--help"]

FROM trainer-base AS trainer
COPY --from=build /jars/experiments/cpu /opt/gradwatch/backend
COPY --from=build /jars/experiments/app /opt/gradwatch/app

FROM trainer-base AS trainer-cuda
ENV GRADWATCH_BACKEND=cuda \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=build /jars/experiments/cuda /opt/gradwatch/backend
COPY --from=build /jars/experiments/app /opt/gradwatch/app

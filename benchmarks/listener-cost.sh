#!/usr/bin/env bash
# What the listener costs: a network trained without it, with it and with Deeplearning4j's StatsListener in turn, the
# records of ours going to a real broker.
#
#   ./gradwatch up &        # or any Kafka: KAFKA=host:port
#   ./mvnw -q -Pbenchmarks package -DskipTests && KAFKA=host:port benchmarks/listener-cost.sh [PRESET ...]
#
# Environment: KAFKA (required), BATCH (default 100), THREADS (2), COMPILING (6000) iterations of four images in which the
# JVM compiles the listener, as it has after some epochs of a training, WARMUP (40) rounds before, ROUNDS (150) measured,
# each one iteration of every kind, JAVA (java), JAVA_OPTIONS. Prints a Markdown table. Paired differences of single iterations
# scatter widely on a busy machine; the time inside the callbacks is the steadier figure.
set -euo pipefail
cd "$(dirname "$0")"

: "${KAFKA:?is not set: accepted is host:port of a Kafka broker}"
presets=("$@")
[[ ${#presets[@]} -gt 0 ]] || presets=(vgg08 vgg38-bn-resnet)
threads=${THREADS:-2}
export OMP_NUM_THREADS=$threads OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=5000 MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0
export MALLOC_TRIM_THRESHOLD_=8589934592 GLIBC_TUNABLES=glibc.malloc.hugetlb=1
# shellcheck disable=SC2086
exec "${JAVA:-java}" -Xmx1g -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener \
    -Dorg.bytedeco.javacpp.maxphysicalbytes=0 ${JAVA_OPTIONS:-} -cp "target/classes:target/lib/*" \
    io.gradwatch.benchmarks.ListenerCost "$KAFKA" "${BATCH:-100}" "$threads" "${COMPILING:-6000}" "${WARMUP:-40}" "${ROUNDS:-150}" "${presets[@]}"

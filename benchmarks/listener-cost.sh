#!/usr/bin/env bash
# What the listener costs: a network trained with and without it in turn, the records going to a real broker.
#
#   ./gradwatch up &        # or any Kafka: KAFKA=host:port
#   ./mvnw -q -Pbenchmarks package -DskipTests && KAFKA=host:port benchmarks/listener-cost.sh [PRESET ...]
#
# Environment: KAFKA (required), BATCH (default 100), THREADS (2), WARMUP (40) pairs before, PAIRS (150) of iterations
# measured, JAVA (java), JAVA_OPTIONS. Prints a Markdown table. Paired differences of single iterations scatter widely on a
# busy machine; the time inside the callbacks is the steadier figure.
set -euo pipefail
cd "$(dirname "$0")"

: "${KAFKA:?is not set: accepted is host:port of a Kafka broker}"
presets=("$@")
[[ ${#presets[@]} -gt 0 ]] || presets=(vgg08 vgg38-bn-resnet)
threads=${THREADS:-2}
# shellcheck disable=SC2086
OMP_NUM_THREADS=$threads OMP_WAIT_POLICY=passive exec "${JAVA:-java}" -Xmx1g -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener \
    -Dorg.bytedeco.javacpp.maxphysicalbytes=12g ${JAVA_OPTIONS:-} -cp "target/classes:target/lib/*" \
    io.gradwatch.benchmarks.ListenerCost "$KAFKA" "${BATCH:-100}" "$threads" "${WARMUP:-40}" "${PAIRS:-150}" "${presets[@]}"

#!/usr/bin/env bash
# RUNS (16) runs of RATE (60) iterations a second, VIEWERS (20) on the live stream and one real page, for so many minutes.
# Prints a line a minute: heap of the service after a collection, threads, resident memory, records dropped, lag, frames
# conflated, and three latencies from the stamp of a record: until a viewer has the frame, until the page has it, and until the page has drawn it.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/soak.sh MINUTES
set -euo pipefail
cd "$(dirname "$0")/.."
exec "${JAVA:-java}" -Xmx768m -Druns="${RUNS:-16}" -Drate="${RATE:-60}" -Dviewers="${VIEWERS:-20}" \
    -cp "benchmarks/target/classes:benchmarks/target/lib/*" io.gradwatch.benchmarks.drill.Soak "$PWD" "$@"

#!/usr/bin/env bash
# How fast groups of services of different sizes read one log: a real embedded broker with runs of 38 layers and 37
# batch-normalisation layers (about 600 values an iteration), which every group reads from its beginning into new histories,
# each service with -Xmx512m. Tells iterations per second of each group. More services than processors measure nothing but
# their quarrel: docs/scale.md tells how to read the figures.
#
#   ./mvnw -q package -DskipTests && benchmarks/scale-out.sh [DIRECTORY]
#
# DIRECTORY (default: a new one under /tmp, deleted afterwards) holds broker and histories. SERVICES: the sizes of the groups
# (default "1 2"); PARTITIONS (8), RUNS (32) and ITERATIONS (1000) of each run.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $# -gt 0 ]]; then
    directory=$1
else
    directory=$(mktemp -d /tmp/gradwatch-scale.XXXXXX)
    trap 'rm -rf "$directory"' EXIT
fi
read -ra services <<< "${SERVICES:-1 2}"
absolute() { printf "%s" "${EXTRA_CP:-}$PWD/$1/target/classes:$PWD/$1/target/lib/*"; }
"${JAVA:-java}" -Xmx256m -cp "telemetry/target/test-classes:telemetry/target/classes:telemetry/target/lib/*" \
    io.gradwatch.telemetry.drill.ScaleOut "$directory" "$(absolute launcher)" "$(absolute telemetry)" \
    "${PARTITIONS:-8}" "${RUNS:-32}" "${ITERATIONS:-1000}" "${services[@]}"

#!/usr/bin/env bash
# Loads history with two long runs: 47,500 iterations of 38 layers and 37 batch-normalisation layers (28.6 million values),
# and 1,000,000 iterations of 8 layers (53 million). They go onto a real embedded broker; then the real service, with
# -Xmx512m, reads them from the beginning. Tells values per second (a value is one float on the wire), heap, resident
# memory and bytes of history per value.
#
#   ./mvnw -q package -DskipTests && benchmarks/history-load.sh [DIRECTORY]
#
# DIRECTORY (default: a new one under /tmp, deleted afterwards) keeps broker and history; a second run with it reads what
# was sent before, into a new history with FRESH=1. STAY=1: afterwards broker and service go on until Ctrl-D, for
# history-browser.cjs. RUNS: other runs, as ID:ITERATIONS:LAYERS:BATCH_NORMS ...
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $# -gt 0 ]]; then
    directory=$1
else
    directory=$(mktemp -d /tmp/gradwatch-load.XXXXXX)
    trap 'rm -rf "$directory"' EXIT
fi
[[ -z ${FRESH:-} ]] || rm -rf "$directory/data"
read -ra runs <<< "${RUNS:-deep:47500:38:37 long:1000000:8:0}"
absolute() { printf "%s" "${EXTRA_CP:-}$PWD/$1/target/classes:$PWD/$1/target/lib/*"; }
"${JAVA:-java}" -Xmx512m -cp "telemetry/target/test-classes:telemetry/target/classes:telemetry/target/lib/*" \
    io.gradwatch.telemetry.drill.HistoryLoad "$directory" "$(absolute launcher)" "$(absolute telemetry)" "${runs[@]}" ${STAY:+stay}

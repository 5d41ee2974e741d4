#!/usr/bin/env bash
# A run is watched live, replayed x1000 and compared number by number; then random seeks are timed.
#
#   ./mvnw -q package -DskipTests && benchmarks/replay.sh [ITERATIONS] [RATE]
#
# Starts a broker and a service of its own in a new directory, and sends ITERATIONS (47500) iterations of 38 layers and 37
# batch-normalisation layers at RATE (1000) a second. Needs Node 20 or newer. With NODE_PATH naming a folder that holds
# playwright-core, and CHROMIUM (/usr/bin/chromium), the same replay is timed in a browser, too. Exit code 1: the data differ.
set -euo pipefail
cd "$(dirname "$0")/.."

iterations=${1:-47500} rate=${2:-1000}
work=$(mktemp -d)
tests=$(find "$PWD/telemetry/target/test-classes" -name 'SyntheticRuns.class' | head -n 1)
[ -n "$tests" ] || { echo "telemetry/target/test-classes is missing: ./mvnw -q package -DskipTests makes it" >&2; exit 2; }
"${GRADWATCH:-./gradwatch}" up --data-dir "$work/data" --port 0 >"$work/up.log" 2>&1 &
up=$!
trap 'kill -TERM "$up" 2>/dev/null || true; wait "$up" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 600); do
    service=$(sed -n 's/.*Dashboard *\(http[^ ]*\).*/\1/p' "$work/up.log")
    kafka=$(sed -n 's/.*Kafka *\([^ ]*\) .*/\1/p' "$work/up.log")
    [ -n "$service" ] && [ -n "$kafka" ] && break
    kill -0 "$up" 2>/dev/null || { cat "$work/up.log" >&2; exit 1; }
    sleep 0.2
done
(
    sleep 2
    "${JAVA:-java}" -Xmx256m -cp "telemetry/target/test-classes:$(echo telemetry/target/gradwatch-telemetry-*.jar):telemetry/target/lib/*" \
        io.gradwatch.telemetry.drill.SyntheticRuns "$kafka" 1 "$iterations" "$rate" replay- >&2
) &
node --experimental-websocket benchmarks/src/main/js/replay.mjs "$service" replay-0 --seeks 20
if [ -n "${NODE_PATH:-}" ]; then
    node benchmarks/src/main/js/replay-in-browser.cjs "$service" replay-0 "${CHROMIUM:-/usr/bin/chromium}"
fi

#!/usr/bin/env bash
# From a trainer's stamp to the painted chart, under load: runs of 38 layers and 37 batch-normalisation layers, all live at
# once, watched by viewers and by one real Chromium page. For an hour it is a soak.
#
#   ./mvnw -q package -DskipTests && NODE_PATH=… benchmarks/live.sh [SECONDS]
#
# SECONDS (120). Environment: RUNS (16), RATE (60) iterations a second of each, VIEWERS (19) besides the page, STALLED (0)
# viewers that stop reading, PERIOD (30) seconds between two lines. Needs Node 20 or newer, Chromium (CHROMIUM,
# /usr/bin/chromium) and playwright-core in the folder that NODE_PATH names; without NODE_PATH no page is opened. Starts a
# broker and a service of its own in a new directory. Exit code 1: a viewer missed an iteration.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-120}
work=$(mktemp -d /tmp/gradwatch-live.XXXXXX)
[[ -d telemetry/target/test-classes ]] || { echo "telemetry/target/test-classes is missing: ./mvnw -q package -DskipTests makes it" >&2; exit 2; }
"${GRADWATCH:-./gradwatch}" up --data-dir "$work/data" --port 0 >"$work/up.log" 2>&1 &
up=$!
load=
trap 'kill -TERM $load "$up" 2>/dev/null || true; wait "$up" 2>/dev/null || true; rm -rf "$work"' EXIT
service=
for _ in $(seq 600); do
    service=$(sed -n 's/.*Dashboard *\(http[^ ]*\).*/\1/p' "$work/up.log")
    kafka=$(sed -n 's/.*Kafka *\([^ ]*\) .*/\1/p' "$work/up.log")
    [[ -n $service && -n $kafka ]] && break
    kill -0 "$up" 2>/dev/null || { cat "$work/up.log" >&2; exit 1; }
    sleep 0.2
done
rate=${RATE:-60}
"${JAVA:-java}" -Xmx256m -cp "telemetry/target/test-classes:$(echo telemetry/target/gradwatch-telemetry-*.jar):telemetry/target/lib/*" \
    io.gradwatch.telemetry.drill.SyntheticRuns "$kafka" "${RUNS:-16}" $(((seconds + 60) * rate)) "$rate" live- >&2 &
load=$!
sleep 15 # code is compiled
pid=$(pgrep -f "TelemetryService.*$work" | head -n 1)
page=
if [[ -n ${NODE_PATH:-} ]]; then
    node benchmarks/src/main/js/live-latency.cjs "$service" live-1 "$((seconds - 15))" >"$work/page.json" &
    page=$!
fi
code=0
node --experimental-websocket benchmarks/src/main/js/live-viewers.mjs "$service" live- --runs "${RUNS:-16}" --viewers "${VIEWERS:-19}" \
    --stalled "${STALLED:-0}" --seconds "$seconds" --period "${PERIOD:-30}" ${pid:+--pid "$pid"} || code=$?
if [[ -n $page ]]; then
    wait "$page"
    cat "$work/page.json"
fi
exit "$code"

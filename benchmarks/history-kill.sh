#!/usr/bin/env bash
# Kills the service with signal 9 at KILLS (default 20) random moments while it reads a log that is being written, and
# compares history with the log record by record after each kill and at the end. About four minutes.
#
#   ./mvnw -q package -DskipTests && benchmarks/history-kill.sh
set -euo pipefail
cd "$(dirname "$0")/.."
directory=$(mktemp -d /tmp/gradwatch-kill.XXXXXX)
trap 'rm -rf "$directory"' EXIT
classes() { printf '%s' "$PWD/$1/target/classes:$PWD/$1/target/lib/*"; }
"${JAVA:-java}" -Xmx3g -cp "telemetry/target/test-classes:telemetry/target/classes:telemetry/target/lib/*" \
    io.gradwatch.telemetry.drill.KillDrill "$directory" "$(classes launcher)" "$(classes telemetry)" "${KILLS:-20}"

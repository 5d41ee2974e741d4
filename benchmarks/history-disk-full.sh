#!/usr/bin/env bash
# Lets the disk of history fill up while a long run is read: a small tmpfs, so this needs root. Shows what the service says
# then, makes room, waits until all is read, and compares history with the log.
#
#   ./mvnw -q package -DskipTests && sudo benchmarks/history-disk-full.sh
set -euo pipefail
cd "$(dirname "$0")/.."
directory=$(mktemp -d /tmp/gradwatch-full.XXXXXX)
mkdir -p "$directory/data"
mount -t tmpfs -o size=130m tmpfs "$directory/data"
trap 'umount "$directory/data"; rm -rf "$directory"' EXIT
classes() { printf '%s' "$PWD/$1/target/classes:$PWD/$1/target/lib/*"; }
"${JAVA:-java}" -Xmx3g -cp "telemetry/target/test-classes:telemetry/target/classes:telemetry/target/lib/*" \
    io.gradwatch.telemetry.drill.FullDiskDrill "$directory" "$(classes launcher)" "$(classes telemetry)"

#!/usr/bin/env bash
# The embedded broker is killed while a network trains; the launcher starts it again.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/a-broker-kill.sh
exec "$(dirname "$0")/hold" broker-kill "$@"

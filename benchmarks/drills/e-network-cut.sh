#!/usr/bin/env bash
# Nothing comes through between trainer and broker for a minute.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/e-network-cut.sh
exec "$(dirname "$0")/hold" network-cut "$@"

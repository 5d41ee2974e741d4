#!/usr/bin/env bash
# The service is killed twice while a network trains.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/c-service-kill.sh
exec "$(dirname "$0")/hold" service-kill "$@"

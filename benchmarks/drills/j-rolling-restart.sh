#!/usr/bin/env bash
# Each of three services that share the runs (--group) is ended and started again under load, one after the other.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/j-rolling-restart.sh
exec "$(dirname "$0")/hold" rolling-restart "$@"

#!/usr/bin/env bash
# The trainer is killed between two checkpoints, and its run resumed.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/d-trainer-kill.sh
exec "$(dirname "$0")/hold" trainer-kill "$@"

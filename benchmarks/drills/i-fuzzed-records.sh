#!/usr/bin/env bash
# RECORDS (1,000,000) spoilt records on every topic that is read, among those of two good runs.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/i-fuzzed-records.sh
exec "$(dirname "$0")/hold" fuzzed-records -Drecords="${RECORDS:-1000000}" "$@"

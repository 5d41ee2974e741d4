#!/usr/bin/env bash
# Three brokers of Kafka's own jars, three copies of each record, two must have it: one is killed under load and comes back.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/b-one-of-three-brokers.sh
exec "$(dirname "$0")/hold" one-of-three-brokers "$@"

#!/usr/bin/env bash
# The clock of the service, and then that of the trainer, is set back by an hour, by a small library (clock.c) that needs a C
# compiler. (libfaketime does the same, but makes a JVM ten times slower.)
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/h-clock-back.sh
exec "$(dirname "$0")/hold" clock-back "$@"

#!/usr/bin/env bash
# The clock of the service, and then that of the trainer, is set back by an hour, by libfaketime (Debian: apt install libfaketime;
# or LIBFAKETIME names libfaketimeMT.so.1).
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/h-clock-back.sh
exec "$(dirname "$0")/hold" clock-back "$@"

#!/usr/bin/env bash
# The renderer of one of two pages is stopped; the other page, four more viewers and the service are to notice nothing.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/f-stalled-browser.sh
exec "$(dirname "$0")/hold" stalled-browser "$@"

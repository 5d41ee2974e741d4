#!/usr/bin/env bash
# The disk of the service, a small tmpfs, fills up while a run is read, and has room again later. Mounting it needs root; without
# it the drill is held in a user namespace of its own, where the system lets everybody have one.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/g-disk-full.sh
if [[ $(id -u) != 0 ]] && unshare -rm true 2>/dev/null; then
    exec unshare -rm "$0" "$@"
fi
exec "$(dirname "$0")/hold" disk-full "$@"

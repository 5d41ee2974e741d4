#!/usr/bin/env bash
# Holds all drills, one after the other, and tells which of them failed.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/drills/all.sh
set -uo pipefail
cd "$(dirname "$0")"
failed=()
for drill in [a-z]-*.sh; do
    echo "== $drill"
    ./"$drill"
    code=$?
    [[ $code == 0 || $code == 77 ]] || failed+=("$drill")
done
if ((${#failed[@]})); then
    echo "FAILED: ${failed[*]}"
    exit 1
fi

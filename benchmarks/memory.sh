#!/usr/bin/env bash
# Resident memory of a trainer over epochs, as it stands after each one.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/memory.sh [PRESET] [EPOCHS]
#
# Trains PRESET (default vgg08-bn-resnet) for EPOCHS (25) epochs on generated images, 50 steps of 100 images and a
# validation each, without Kafka. Environment: BATCH (100), THREADS (2), JAVA (java), JAVA_OPTIONS. Prints a Markdown table.
set -euo pipefail
cd "$(dirname "$0")"

preset=${1:-vgg08-bn-resnet} epochs=${2:-25} threads=${THREADS:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "$preset, batch ${BATCH:-100}, generated images, $threads threads."
echo
echo "| epoch | resident MB | largest so far MB |"
echo "|---|---|---|"
# shellcheck disable=SC2086
env OMP_NUM_THREADS="$threads" OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=5000 \
    MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8589934592 GLIBC_TUNABLES=glibc.malloc.hugetlb=1 \
    "${JAVA:-java}" -Xmx1g ${JAVA_OPTIONS:-} -cp "${CLASS_PATH:-target/classes:target/lib/*}" io.gradwatch.experiments.Trainer \
    train "$preset" --epochs "$epochs" --data synthetic --batch "${BATCH:-100}" --kafka none --data-dir "$work" --threads "$threads" \
    >"$work/out" 2>"$work/err" &
trainer=$!
epoch=0
while kill -0 "$trainer" 2>/dev/null; do
    ended=$(grep -c "^epoch .* done in" "$work/out" || true)
    if ((ended > epoch)); then
        epoch=$ended
        awk -v epoch="$epoch" '/^VmRSS/ {now = $2} /^VmHWM/ {most = $2}
            END {if (now) printf "| %d | %.0f | %.0f |\n", epoch, now / 1024, most / 1024}' "/proc/$trainer/status" 2>/dev/null || true
    fi
    sleep 0.2
done
wait "$trainer" || { cat "$work/err" >&2; exit 1; }

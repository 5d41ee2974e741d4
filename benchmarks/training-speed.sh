#!/usr/bin/env bash
# Milliseconds per training iteration of Gradwatch's networks beside PyTorch's, in alternating blocks.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/training-speed.sh [PRESET ...]
#
# Environment: ROUNDS (default 7) blocks of each, BLOCK (10) iterations a block, WARMUP (60) iterations before (the JVM compiles while it runs),
# BATCH (100), THREADS (2), PYTHON (/usr/bin/python3, needs torch), JAVA (java), JAVA_OPTIONS.
# PyTorch's threads spin while they wait, which is best on an idle machine; on a busy one set
# TORCH_OMP_WAIT_POLICY=passive, or its times are many times too long.
# Prints a Markdown table on standard output, progress on standard error.
set -euo pipefail
cd "$(dirname "$0")"

presets=("$@")
[[ ${#presets[@]} -gt 0 ]] || presets=(vgg08 vgg38 vgg38-bn-resnet)
rounds=${ROUNDS:-7} block=${BLOCK:-10} warmup=${WARMUP:-60} batch=${BATCH:-100} threads=${THREADS:-2}

work=$(mktemp -d)
mkfifo "$work"/{java,torch}.{in,out}
export OMP_NUM_THREADS=$threads
# shellcheck disable=SC2086
OMP_WAIT_POLICY=passive "${JAVA:-java}" -Xmx1g -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener -Dorg.bytedeco.javacpp.maxphysicalbytes=12g ${JAVA_OPTIONS:-} \
    -cp "target/classes:target/lib/*" io.gradwatch.benchmarks.TrainingSpeed "$batch" "$threads" \
    <"$work/java.in" >"$work/java.out" 2>"$work/java.err" &
java=$!
env ${TORCH_OMP_WAIT_POLICY:+OMP_WAIT_POLICY=$TORCH_OMP_WAIT_POLICY} "${PYTHON:-/usr/bin/python3}" src/main/python/pytorch_speed.py "$batch" "$threads" \
    <"$work/torch.in" >"$work/torch.out" 2>"$work/torch.err" &
torch=$!
trap 'kill $java $torch 2>/dev/null; cat "$work"/*.err >&2 || true; rm -rf "$work"' EXIT
exec 3>"$work/java.in" 4<"$work/java.out" 5>"$work/torch.in" 6<"$work/torch.out"

# ask REQUEST: the answers of both, Gradwatch first on odd calls, PyTorch first on even ones
calls=0
ask() {
    calls=$((calls + 1))
    if ((calls % 2)); then
        echo "$1" >&3; read -r ours <&4
        echo "$1" >&5; read -r theirs <&6
    else
        echo "$1" >&5; read -r theirs <&6
        echo "$1" >&3; read -r ours <&4
    fi
}

# median FIELD: of pairs "wall:cpu" on standard input
median() {
    tr ' ' '\n' | cut -d: -f"$1" | sort -n | awk '{v[NR] = $1} END {print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2}'
}

ask versions
echo "$ours; $theirs; batch $batch, $threads threads each, forward + backward + Adam."
echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) CPUs, load average $(cut -d' ' -f1-3 /proc/loadavg) before;" \
    "medians of $((rounds * block)) iterations in $rounds alternating blocks after $warmup for warming up."
echo
echo "| preset | Gradwatch ms | PyTorch ms | ratio | CPU ms | PyTorch CPU ms | ratio of CPU |"
echo "|---|---|---|---|---|---|---|"
for preset in "${presets[@]}"; do
    ask "$preset $warmup"
    : >"$work/ours"; : >"$work/theirs"
    for ((round = 1; round <= rounds; round++)); do
        ask "$preset $block"
        echo "$ours" >>"$work/ours"
        echo "$theirs" >>"$work/theirs"
        echo "$preset, block $round of $rounds: $ours | $theirs" >&2
    done
    a=$(median 1 <"$work/ours") b=$(median 1 <"$work/theirs")
    c=$(median 2 <"$work/ours") d=$(median 2 <"$work/theirs")
    awk -v p="$preset" -v a="$a" -v b="$b" -v c="$c" -v d="$d" \
        'BEGIN {printf "| %s | %.0f | %.0f | %.2f | %.0f | %.0f | %.2f |\n", p, a, b, a / b, c, d, c / d}'
done
echo
echo "Load average after: $(cut -d' ' -f1-3 /proc/loadavg)."

#!/usr/bin/env bash
# What a GPU computes and how fast, beside the CPU: gradients of the same networks, statistics, milliseconds.
#
#   benchmarks/cuda-check.sh [PRESET ...]
#
# Builds what is missing (-Pcuda, 0.6 GB to download), and needs a GPU that docs/cuda.md names. Prints its report and keeps
# it as benchmarks/target/cuda-check.txt; exit code 1 when CPU and GPU differ, 2 when this machine cannot run it.
#
# Environment: BATCH (default 100), ITERATIONS (30) measured, THREADS (all) of the CPU, JAVA (java), SECOND: cpu to put the CPU
# in the GPU's place and try the script itself.
set -euo pipefail
cd "$(dirname "$0")/.."

presets=("$@")
[[ ${#presets[@]} -gt 0 ]] || presets=(vgg08 vgg38-bn-resnet)
java=${JAVA:-java}
threads=${THREADS:-$(nproc)}
cuda=trainer/experiments/target/lib-cuda
if [[ ! -d benchmarks/target/lib || ( ${SECOND:-cuda} == cuda && ! -d $cuda ) ]]; then
    ./mvnw -q -B -Pcuda,benchmarks -Dmaven.test.skip=true package
fi
cpu=benchmarks/target/classes
gpu=$cpu
for jar in benchmarks/target/lib/*.jar; do
    cpu+=:$jar
    case $(basename "$jar") in
        nd4j-native-[0-9]* | nd4j-native-preset-* | openblas-*) ;; # what lib-cuda takes the place of
        *) gpu+=:$jar ;;
    esac
done
for jar in "$cuda"/*.jar; do gpu+=:$jar; done
[[ ${SECOND:-cuda} == cuda ]] || gpu=$cpu

quiet=-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
run() { # class path, command
    OMP_NUM_THREADS=$threads OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=5000 "$java" -Xmx2g $quiet -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
        -Dorg.bytedeco.javacpp.maxbytes=16g -cp "$1" io.gradwatch.benchmarks.GpuCheck "$2" "$folder" "${BATCH:-100}" \
        "$threads" "${ITERATIONS:-30}" "${presets[@]}"
}
report() {
    date -u +%Y-%m-%dT%H:%MZ
    nvidia-smi --query-gpu=name,compute_cap,driver_version,memory.total --format=csv 2>&1 || true
    sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1
    "$java" -version 2>&1 | head -n 1
    if [[ ${SECOND:-cuda} == cuda ]]; then
        # the check comes before anything slow, and says why it cannot run
        "$java" -Xmx1g $quiet -cp "$gpu:trainer/experiments/target/classes" io.gradwatch.experiments.Trainer train vgg08 \
            --backend cuda --data synthetic --kafka none --batch 2 --iterations 1 --data-dir "$folder/data" || return $?
    fi
    run "$cpu" write
    run "$gpu" compare
}
report 2>&1 | tee benchmarks/target/cuda-check.txt

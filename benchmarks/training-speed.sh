#!/usr/bin/env bash
# Milliseconds per training iteration of Gradwatch's networks beside PyTorch's, in alternating blocks.
#
#   ./mvnw -q -Pbenchmarks package -DskipTests && benchmarks/training-speed.sh [NETWORK[@BATCH] ...]
#
# Without arguments: the networks of the paper's Table 1 at batch 100, and at 512 those that have a row with it; about
# 20 minutes on two quiet cores. Environment: ROUNDS (9) blocks of each, BLOCK (4) iterations a block, WARMUP (40)
# iterations before (the JVM compiles while it runs), THREADS (2), PYTHON (/usr/bin/python3, needs torch), JAVA (java),
# JAVA_OPTIONS. PyTorch's threads spin while they wait, which is best on an idle machine; on a busy one set
# PYTORCH_VARIABLES=OMP_WAIT_POLICY=passive, or its times are many times too long. Any variable can be given to it that
# way; ALLOCATION=default takes the settings of the C library's allocator from our side, with which ./gradwatch starts
# its trainers.
# Prints a Markdown table on standard output, progress on standard error.
set -euo pipefail
cd "$(dirname "$0")"

networks=("$@")
[[ ${#networks[@]} -gt 0 ]] || networks=(vgg08 vgg08-bn vgg08-bn-resnet vgg38 vgg38-bn vgg38-resnet vgg38-bn-resnet
    vgg38-sigmoid-bn vgg38-bn@512 vgg38-sigmoid-bn@512 vgg38-bn-resnet@512)
threads=${THREADS:-2}
allocation="MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8589934592 GLIBC_TUNABLES=glibc.malloc.hugetlb=1"
[[ ${ALLOCATION:-} != default ]] || allocation=

export OMP_NUM_THREADS=$threads
export GRADWATCH_VARIABLES="OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=5000 $allocation"
export GRADWATCH="${JAVA:-java} -Xmx1g -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener \
-Dorg.bytedeco.javacpp.maxbytes=16g -Dorg.bytedeco.javacpp.maxphysicalbytes=0 ${JAVA_OPTIONS:-} \
-cp 'target/classes:target/lib/*' io.gradwatch.benchmarks.TrainingSpeed $threads"
export PYTORCH="${PYTHON:-/usr/bin/python3} src/main/python/pytorch_speed.py $threads"
exec "${PYTHON:-/usr/bin/python3}" src/main/python/alternate.py \
    "${ROUNDS:-9}" "${BLOCK:-4}" "${WARMUP:-40}" "${networks[@]}"

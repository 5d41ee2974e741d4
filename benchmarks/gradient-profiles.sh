#!/usr/bin/env bash
# Mean absolute gradient of every layer at the start of training, in Gradwatch and in PyTorch: same initial weights, same
# images of CIFAR-100, and the figure and table of docs/gradients.md.
#
#   ./gradwatch data cifar-100
#   ./mvnw -q -Pbenchmarks package -DskipTests && CIFAR=~/.gradwatch/datasets/cifar-100-binary benchmarks/gradient-profiles.sh [PRESET ...]
#
# Environment: CIFAR (required), OUT (default benchmarks/target/gradient-profiles; what is there already is not computed again),
# EPSILON (unset; "deeplearning4j" puts PyTorch's epsilon of Adam where Deeplearning4j has it), ITERATIONS (51), BATCH (100),
# THREADS (2), PYTHON (/usr/bin/python3, needs torch), JAVA (java), JAVA_OPTIONS.
# About three minutes for all six. Without arguments it ends by drawing docs/images/gradient-profiles.svg.
set -euo pipefail
cd "$(dirname "$0")"

: "${CIFAR:?is not set: accepted is the folder with train.bin of CIFAR-100}"
[[ -f $CIFAR/train.bin ]] || { echo "CIFAR=$CIFAR has no train.bin: \`gradwatch data cifar-100\` downloads it" >&2; exit 2; }
presets=("$@")
[[ ${#presets[@]} -gt 0 ]] || presets=(vgg08 vgg38 vgg38-bn vgg38-resnet vgg38-bn-resnet vgg38-sigmoid-bn)
out=${OUT:-target/gradient-profiles} python=${PYTHON:-/usr/bin/python3}
mkdir -p "$out"
export OMP_NUM_THREADS=${THREADS:-2} OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=5000
for preset in "${presets[@]}"; do
    common=("$CIFAR" "$out" "${ITERATIONS:-51}" "${BATCH:-100}" "$OMP_NUM_THREADS" "$preset")
    # shellcheck disable=SC2086
    [[ -f $out/$preset.gradwatch.csv ]] || "${JAVA:-java}" -Xmx1g -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener \
        -Dorg.bytedeco.javacpp.maxphysicalbytes=12g ${JAVA_OPTIONS:-} -cp "target/classes:target/lib/*" io.gradwatch.benchmarks.GradientProfiles "${common[@]}"
    [[ -f $out/$preset.pytorch.csv ]] || "$python" src/main/python/gradient_profiles.py "${common[@]}"
done
[[ $# -gt 0 ]] || "$python" src/main/python/draw_gradient_profiles.py "$out" ../docs/images/gradient-profiles.svg ../docs/gradient-profiles.csv

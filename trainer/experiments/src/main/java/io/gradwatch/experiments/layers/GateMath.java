package io.gradwatch.experiments.layers;

/** {@code carried + share·(candidate − carried)} and its gradients over off-heap memory, in loops that vectorise. */
final class GateMath {
    private GateMath() {}

    /** Where the gradients of the three arguments go. */
    record Gradients(OffHeapFloats candidate, OffHeapFloats share, OffHeapFloats carried) {}

    static void mix(
            OffHeapFloats candidate, OffHeapFloats share, OffHeapFloats carried, OffHeapFloats target, Tiling tiling) {
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] result = scratch.first();
            float[] other = scratch.second();
            candidate.read(offset, result, count);
            carried.read(offset, other, count);
            subtract(result, other, count);
            share.read(offset, other, count);
            multiply(result, other, count);
            carried.read(offset, other, count);
            add(result, other, count);
            target.write(offset, result, count);
        });
    }

    static void backpropagate(
            OffHeapFloats candidate,
            OffHeapFloats share,
            OffHeapFloats carried,
            OffHeapFloats gradient,
            Gradients targets,
            Tiling tiling) {
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] result = scratch.first();
            float[] other = scratch.second();
            candidate.read(offset, result, count);
            carried.read(offset, other, count);
            subtract(result, other, count);
            gradient.read(offset, other, count);
            multiply(result, other, count);
            targets.share.write(offset, result, count);
            share.read(offset, result, count);
            multiply(result, other, count);
            targets.candidate.write(offset, result, count);
            subtract(other, result, count);
            targets.carried.write(offset, other, count);
        });
    }

    private static void add(float[] target, float[] other, int count) {
        for (int i = 0; i < count; i++) {
            target[i] += other[i];
        }
    }

    private static void subtract(float[] target, float[] other, int count) {
        for (int i = 0; i < count; i++) {
            target[i] -= other[i];
        }
    }

    private static void multiply(float[] target, float[] other, int count) {
        for (int i = 0; i < count; i++) {
            target[i] *= other[i];
        }
    }
}

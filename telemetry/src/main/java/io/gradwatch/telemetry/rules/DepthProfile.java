package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * Smoothed gradients over depth, in decades: the main-path layers from the input to the loss, without those whose gradient
 * was not finite in this iteration. A layer that the run's description does not know counts as main path.
 */
final class DepthProfile {
    /** Drops that differ from the largest by less count as about as large. */
    private static final double ABOUT_AS_LARGE_DECADES = 1;

    private final RunStarted run;
    private final int[] layers;
    private final double[] x;

    private DepthProfile(RunStarted run, int[] layers, double[] x) {
        this.run = run;
        this.layers = layers;
        this.x = x;
    }

    /** A profile without layers: nothing to judge. */
    static final DepthProfile NONE = new DepthProfile(RunStarted.getDefaultInstance(), new int[0], new double[0]);

    static DepthProfile of(RunStarted run, LayerStatistics statistics, SmoothedGradient smoothed) {
        int[] layers = IntStream.range(0, statistics.getMeanAbsCount())
                .filter(i -> i >= run.getLayersCount() || run.getLayers(i).getMainPath())
                .filter(i -> SmoothedGradient.usable(statistics.getMeanAbs(i)))
                .toArray();
        return new DepthProfile(
                run, layers, Arrays.stream(layers).mapToDouble(smoothed::at).toArray());
    }

    int size() {
        return x.length;
    }

    /** Index of the layer at a position on the main path. */
    int layer(int position) {
        return layers[position];
    }

    /** Position of a layer that is on it. */
    int position(int layer) {
        return Arrays.binarySearch(layers, layer);
    }

    /** x of the layer at a position on the main path. */
    double at(int position) {
        return x[position];
    }

    /** The median over the layers; NaN without any. */
    double median() {
        return Robust.median(x);
    }

    /** How many layers lie below a level. */
    long below(double level) {
        return Arrays.stream(x).filter(v -> v < level).count();
    }

    /** E: the median of the three layers next to the input. */
    double start() {
        return Robust.median(Arrays.copyOf(x, Math.min(3, x.length)));
    }

    /** Z: the median of the two layers next to the loss. */
    double end() {
        return Robust.median(Arrays.copyOfRange(x, Math.max(0, x.length - 2), x.length));
    }

    /** D: decades lost between end and start; negative where the gradient grows towards the input. */
    double lost() {
        return end() - start();
    }

    /** Theil–Sen line of x over the position on the main path; positive where the gradient vanishes. */
    Robust.Line slope() {
        return Robust.theilSen(x);
    }

    /** Indices of the layers whose x satisfies a condition, ascending. */
    int[] layersWhere(DoublePredicate condition) {
        return IntStream.range(0, x.length)
                .filter(i -> condition.test(x[i]))
                .map(i -> layers[i])
                .toArray();
    }

    /** The drop at the cut, from one layer to the next one towards the input, in decades; 0 without any. */
    double cutDrop() {
        int cut = cutPosition();
        return cut < 0 ? 0 : x[cut + 1] - x[cut];
    }

    /** Index of the layer on the input's side of the cut. */
    OptionalInt cut() {
        int cut = cutPosition();
        return cut < 0 ? OptionalInt.empty() : OptionalInt.of(layers[cut]);
    }

    /** "stage3.conv2 to stage3.conv1 (layer 36 → 35)": the two sides of the cut, which must exist. */
    String cutInWords() {
        int cut = cutPosition();
        return name(layers[cut + 1]) + " to " + name(layers[cut]) + " (layer " + layers[cut + 1] + " → " + layers[cut]
                + ")";
    }

    /**
     * Position on the input's side of the cut. The gradient comes from the loss, so of several drops about as large as
     * the largest the one nearest the loss is the cut: it stays where it is when two staircase steps of equal height
     * take turns in being the largest by a hair.
     */
    private int cutPosition() {
        double largest = 0;
        for (int i = 0; i + 1 < x.length; i++) {
            largest = Math.max(largest, x[i + 1] - x[i]);
        }
        if (largest <= 0) {
            return -1;
        }
        int cut = x.length - 2;
        while (x[cut + 1] - x[cut] < Math.max(largest - ABOUT_AS_LARGE_DECADES, largest / 2)) {
            cut--;
        }
        return cut;
    }

    private String name(int layer) {
        String name = layer < run.getLayersCount() ? run.getLayers(layer).getName() : "";
        return name.isEmpty() ? "layer " + layer : name;
    }
}

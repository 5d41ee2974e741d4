package io.gradwatch.telemetry.rules.peers;

import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.telemetry.rules.Signals;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Statistics of the layers of the main path, from the input to the loss, without those that are not finite. */
final class Gradients {
    private Gradients() {}

    /** Mean |g| of each layer. */
    static double[] meanAbs(Signals signals) {
        LayerStatistics s = statistics(signals);
        return of(signals, s.getMeanAbsList());
    }

    /** Euclidean norm of g of each layer. */
    static double[] norms(Signals signals) {
        return of(signals, statistics(signals).getL2List());
    }

    /** Norm of the update / norm of the weights of each layer. */
    static double[] updateRatios(Signals signals) {
        return of(signals, statistics(signals).getUpdateRatioList());
    }

    /** Empty where the event is no iteration. */
    static LayerStatistics statistics(Signals signals) {
        return signals.iteration() == null
                ? LayerStatistics.getDefaultInstance()
                : signals.iteration().getLayers();
    }

    private static double[] of(Signals signals, List<Float> values) {
        IntFunction<Double> value = l -> (double) values.get(l);
        return IntStream.range(0, values.size())
                .filter(l -> l >= signals.run().getLayersCount()
                        || signals.run().getLayers(l).getMainPath())
                .mapToObj(value)
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
    }

    /** NaN of no values. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n == 0 ? Double.NaN : n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    static double least(double[] values) {
        return Arrays.stream(values).min().orElse(Double.NaN);
    }

    static double most(double[] values) {
        return Arrays.stream(values).max().orElse(Double.NaN);
    }
}

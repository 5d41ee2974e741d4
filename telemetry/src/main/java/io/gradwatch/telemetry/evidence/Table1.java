package io.gradwatch.telemetry.evidence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of the paper's Table 1, and which of them differ in one factor alone. */
final class Table1 {
    /**
     * One row.
     *
     * @param options of its network and training, by their names on the command line
     * @param batch images in a step
     * @param test accuracy in percent
     */
    record Row(String name, Map<String, String> options, int batch, double test) {
        double option(Factor factor) {
            return Options.number(options.get(factor.option()));
        }
    }

    /** A row like the run, and one that differs from it in one factor. */
    record Pair(Row like, Row other, Factor factor) {}

    private static final List<Row> ROWS = List.of(
            row("vgg08", 0, "none", "none", "leaky-relu", 100, "0.001", "0", 49.95),
            row("vgg08-bn", 0, "before", "none", "leaky-relu", 100, "0.001", "0", 53.89),
            row("vgg08-bn-resnet", 0, "before", "conv", "leaky-relu", 100, "0.001", "0", 54.45),
            row("vgg38", 5, "none", "none", "leaky-relu", 100, "0.001", "0", 1),
            row("vgg38-bn", 5, "before", "none", "leaky-relu", 100, "0.001", "0", 46.78),
            row("vgg38-bn-lr0.01", 5, "before", "none", "leaky-relu", 100, "0.01", "0", 44.14),
            row("vgg38-bn-lr0.1", 5, "before", "none", "leaky-relu", 100, "0.1", "0", 22.46),
            row("vgg38-bn-b256", 5, "before", "none", "leaky-relu", 256, "0.001", "0", 47.22),
            row("vgg38-bn-b512", 5, "before", "none", "leaky-relu", 512, "0.001", "0", 46.49),
            row("vgg38-sigmoid-bn", 5, "before", "none", "sigmoid", 512, "0.001", "0", 26.88),
            row("vgg38-resnet", 5, "none", "conv", "leaky-relu", 100, "0.001", "0", 44.77),
            row("vgg38-bn-resnet", 5, "before", "conv", "leaky-relu", 512, "0.001", "0", 58.84),
            row("vgg38-bn-resnet-lr0.1-wd1e-4", 5, "before", "conv", "leaky-relu", 512, "0.1", "1e-4", 30.22),
            row("vgg38-bn-resnet-b256-lr0.01-wd6e-4", 5, "before", "conv", "leaky-relu", 256, "0.01", "6e-4", 57.67),
            row("vgg38-bn-resnet-b256-lr0.01-wd1e-4", 5, "before", "conv", "leaky-relu", 256, "0.01", "1e-4", 58.25),
            row("vgg38-bn-resnet-b256-lr0.001-wd1e-4", 5, "before", "conv", "leaky-relu", 256, "0.001", "1e-4", 61.81));

    private Table1() {}

    /**
     * The pair of rows that differ in this factor alone and of which the other one is better, for a run with these options;
     * where no row is quite like the run, one of the same network.
     */
    static Optional<Pair> better(Map<String, String> run, Factor factor) {
        Pair best = null;
        double least = Double.POSITIVE_INFINITY;
        for (Row like : ROWS) {
            double distance = distance(run, like);
            for (Row other : ROWS) {
                boolean one = like.batch() == other.batch()
                        && Options.differences(like.options(), other.options()).equals(List.of(factor));
                if (one && other.test() > like.test()) {
                    double whole = distance - other.test() / 1e4;
                    if (whole < least) {
                        least = whole;
                        best = new Pair(like, other, factor);
                    }
                }
            }
        }
        return Double.isInfinite(least) ? Optional.empty() : Optional.ofNullable(best);
    }

    /** How far a row is from a run of the same network; infinite where the network is another one. */
    private static double distance(Map<String, String> run, Row row) {
        for (Factor factor : List.of(Factor.BATCH_NORM, Factor.SKIP, Factor.DEPTH, Factor.ACTIVATION)) {
            String has = run.get(factor.option());
            if (has == null || !has.equals(row.options().get(factor.option()))) {
                return Double.POSITIVE_INFINITY;
            }
        }
        double rate = Options.number(run.get(Factor.LEARNING_RATE.option()));
        double batch = Options.number(run.get("batch"));
        double far =
                Double.isNaN(rate) || rate <= 0 ? 1 : Math.abs(Math.log10(rate / row.option(Factor.LEARNING_RATE)));
        return far + (batch == row.batch() ? 0 : 0.1);
    }

    private static Row row(
            String name,
            int depthBlocks,
            String bn,
            String skip,
            String activation,
            int batch,
            String rate,
            String decay,
            double test) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("depth-blocks", Integer.toString(depthBlocks));
        options.put("bn", bn);
        options.put("skip", skip);
        options.put("activation", activation);
        options.put("lr", rate);
        options.put("weight-decay", decay);
        return new Row(name, Map.copyOf(options), batch, test);
    }
}

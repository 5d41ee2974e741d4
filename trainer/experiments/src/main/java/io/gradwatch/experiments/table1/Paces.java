package io.gradwatch.experiments.table1;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How long an image takes each network, and what follows for runs to come. What was measured on this data directory
 * counts; a network without a measurement takes as long as on the machine of {@link #REFERENCE}, or as many times longer
 * or shorter as the measured ones do.
 *
 * @param millisPerImage measured, by network and changed settings
 */
public record Paces(Map<Network, Double> millisPerImage) {
    public static final Paces NONE = new Paces(Map.of());

    /**
     * Milliseconds of training for an image, with 2 threads on 2 virtual cores of an AMD EPYC (Zen 4): measured, but for
     * vgg08-bn and vgg38-resnet, which lie between their neighbours. Only their order of magnitude matters: the first run
     * on this machine corrects them.
     */
    private static final Map<String, Double> REFERENCE = Map.of(
            "vgg08", 0.75,
            "vgg08-bn", 1.1,
            "vgg08-bn-resnet", 1.3,
            "vgg38", 5.8,
            "vgg38-bn", 8.5,
            "vgg38-resnet", 6.5,
            "vgg38-bn-resnet", 9.0,
            "vgg38-sigmoid-bn", 10.0);

    /** A network of the paper and what was changed in it; empty for nothing. */
    public record Network(String name, String changed) {
        static Network of(Job job) {
            return new Network(job.row().network(), job.conditions().changed());
        }
    }

    /**
     * How long something takes.
     *
     * @param measured whether that was measured for all of it, not guessed for a part
     */
    public record Estimate(Duration span, boolean measured) {
        static final Estimate NOTHING = new Estimate(Duration.ZERO, true);

        /** Both, one after the other. */
        public Estimate plus(Estimate other) {
            return new Estimate(span.plus(other.span), measured && other.measured);
        }
    }

    public Paces {
        millisPerImage = Map.copyOf(millisPerImage);
    }

    /** What the finished runs of a book have shown; a network's newest run counts. */
    public static Paces of(Book book, List<Row> rows) {
        Map<String, Row> byName = rows.stream().collect(Collectors.toMap(Row::name, row -> row));
        Map<Network, Double> measured = new HashMap<>();
        for (Entry.Finished run : book.finished()) {
            Row row = byName.get(run.job().row());
            if (row != null && run.millisPerIteration() > 0) {
                measured.put(
                        new Network(row.network(), run.conditions().changed()),
                        run.millisPerIteration() / row.batchSize());
            }
        }
        return new Paces(measured);
    }

    /** These, and a newer measurement. */
    public Paces with(Job job, double millisPerIteration) {
        Map<Network, Double> more = new HashMap<>(millisPerImage);
        more.put(Network.of(job), millisPerIteration / job.row().batchSize());
        return new Paces(more);
    }

    /** Time for so many iterations of a job; empty if there is nothing to tell it from. */
    public Optional<Estimate> of(Job job, long iterations) {
        Double measured = millisPerImage.get(Network.of(job));
        if (measured != null) {
            return Optional.of(new Estimate(span(job, iterations, measured), true));
        }
        Double reference = REFERENCE.get(job.row().network());
        return reference == null || !job.conditions().changed().isEmpty()
                ? Optional.empty()
                : Optional.of(new Estimate(span(job, iterations, reference * slowness()), false));
    }

    /** Time for whole jobs; empty if there is one with nothing to tell it from. */
    public Optional<Estimate> of(List<Job> jobs) {
        Estimate sum = Estimate.NOTHING;
        for (Job job : jobs) {
            Optional<Estimate> one = of(job, job.iterations());
            if (one.isEmpty()) {
                return one;
            }
            sum = sum.plus(one.get());
        }
        return Optional.of(sum);
    }

    private static Duration span(Job job, long iterations, double millisPerImage) {
        return Duration.ofMillis(Math.round(millisPerImage * job.row().batchSize() * iterations));
    }

    /** How many times as long as the reference this machine takes: geometric mean over the measured networks. */
    private double slowness() {
        double sum = 0;
        int count = 0;
        for (Map.Entry<Network, Double> measurement : millisPerImage.entrySet()) {
            Double reference = REFERENCE.get(measurement.getKey().name());
            if (reference != null && measurement.getKey().changed().isEmpty()) {
                sum += Math.log(measurement.getValue() / reference);
                count++;
            }
        }
        return count == 0 ? 1 : Math.exp(sum / count);
    }
}

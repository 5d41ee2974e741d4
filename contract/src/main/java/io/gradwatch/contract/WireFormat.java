package io.gradwatch.contract;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.Summary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bytes to records and back, with the rules that every record keeps. docs/wire-format.md lists them. */
public final class WireFormat {
    /** Version that this code writes. A new field keeps it; a change of meaning raises it. */
    public static final int SCHEMA_VERSION = 1;

    /** Bins of every histogram; bin {@code b} counts {@code 4^(b-51) <= |x| < 4^(b-50)}. */
    public static final int HISTOGRAM_BINS = 64;

    /** Bytes of the largest record that is taken: room for 100,000 layers. */
    public static final int MOST_BYTES = 4 << 20;

    private WireFormat() {}

    /** The record's key: the run id in UTF-8. */
    public static byte[] key(String runId) {
        return runId.getBytes(StandardCharsets.UTF_8);
    }

    /** The record's value. */
    public static byte[] encode(Envelope envelope) {
        return envelope.toByteArray();
    }

    /**
     * Reads a record's value. Never throws: whatever the bytes, the answer is one of the three cases.
     *
     * @param value the record's value; null (a tombstone) is malformed
     */
    public static Decoded decode(byte @Nullable [] value) {
        if (value == null) {
            return new Decoded.Malformed("the record has no value");
        }
        if (value.length > MOST_BYTES) {
            return new Decoded.Malformed(
                    "the record has " + value.length + " bytes; accepted are at most " + MOST_BYTES);
        }
        Envelope envelope;
        try {
            envelope = Envelope.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            return new Decoded.Malformed("not a Protobuf Envelope: " + e.getMessage());
        }
        if (envelope.getSchemaVersion() == 0) {
            return new Decoded.Malformed("schema_version is missing; this version writes " + SCHEMA_VERSION);
        }
        if (!RunIds.isValid(envelope.getRunId())) {
            return new Decoded.Malformed("run_id \"" + shortened(envelope.getRunId()) + "\" is not " + RunIds.FORM);
        }
        if (envelope.getAttempt() < 1) {
            return new Decoded.Malformed("attempt is " + Integer.toUnsignedString(envelope.getAttempt())
                    + "; accepted is 1 to " + Integer.MAX_VALUE);
        }
        if (envelope.getBodyCase() == Envelope.BodyCase.BODY_NOT_SET) {
            return new Decoded.Unknown(envelope.getSchemaVersion(), envelope.getRunId());
        }
        String problem = switch (envelope.getBodyCase()) {
            case RUN_STARTED -> problemOf(envelope.getRunStarted());
            case RUN_ENDED -> problemOf(envelope.getRunEnded().getStarted());
            case ITERATION -> problemOf(envelope.getIteration());
            case HISTOGRAMS -> problemOf(envelope.getHistograms());
            case COMMAND -> envelope.getCommand().getCommandId().isEmpty() ? "command.command_id is missing" : null;
            case ACKNOWLEDGEMENT -> problemOf(envelope.getAcknowledgement());
            case TRAINER_STATE ->
                problemOf("trainer_state", envelope.getTrainerState().getIteration());
            default -> null;
        };
        return problem == null ? new Decoded.Known(envelope) : new Decoded.Malformed(problem);
    }

    private static @Nullable String problemOf(RunStarted started) {
        for (int i = 0; i < started.getLayersCount(); i++) {
            if (started.getLayers(i).getIndex() != i) {
                return "run_started.layers[" + i + "].index is "
                        + started.getLayers(i).getIndex() + "; accepted is its position";
            }
        }
        for (int i = 0; i < started.getBatchNormsCount(); i++) {
            if (started.getBatchNorms(i).getIndex() != i) {
                return "run_started.batch_norms[" + i + "].index is "
                        + started.getBatchNorms(i).getIndex() + "; accepted is its position";
            }
            if (started.getBatchNorms(i).getLayer() >= started.getLayersCount()) {
                return "run_started.batch_norms[" + i + "].layer is "
                        + started.getBatchNorms(i).getLayer() + "; there are " + started.getLayersCount() + " layers";
            }
        }
        return null;
    }

    private static @Nullable String problemOf(Acknowledgement answer) {
        return answer.getCommandId().isEmpty()
                ? "acknowledgement.command_id is missing"
                : problemOf("acknowledgement", answer.getIteration());
    }

    private static @Nullable String problemOf(String where, long iteration) {
        return iteration >= 0
                ? null
                : where + ".iteration is " + Long.toUnsignedString(iteration) + "; accepted is 0 to 2^63 - 1";
    }

    private static @Nullable String problemOf(Iteration iteration) {
        String number = problemOf("iteration", iteration.getIteration());
        if (number != null) {
            return number;
        }
        String problem = unequal("iteration.layers", counts(iteration.getLayers()));
        if (problem == null) {
            problem = unequal("iteration.activations", counts(iteration.getActivations()));
        }
        return problem != null ? problem : unequal("iteration.batch_norms", counts(iteration.getBatchNorms()));
    }

    private static @Nullable String problemOf(Histograms histograms) {
        String problem = problemOf("histograms", histograms.getIteration());
        if (problem == null) {
            problem = tooLong("histograms.gradients", histograms.getGradientsList());
        }
        return problem != null ? problem : tooLong("histograms.parameters", histograms.getParametersList());
    }

    private static @Nullable String tooLong(String where, List<Histogram> histograms) {
        for (int i = 0; i < histograms.size(); i++) {
            Histogram h = histograms.get(i);
            long end = Integer.toUnsignedLong(h.getFirstBin()) + h.getCountsCount();
            if (end > HISTOGRAM_BINS) {
                return where + "[" + i + "]: first_bin " + Integer.toUnsignedString(h.getFirstBin()) + " and "
                        + h.getCountsCount() + " counts; there are " + HISTOGRAM_BINS + " bins";
            }
        }
        return null;
    }

    /**
     * What is wrong with an iteration that {@link #decode} has accepted, given the description of its run: its arrays must
     * be as long as the run's tables of layers. A description without layers and without batch normalisation is taken as
     * one that says nothing of them.
     *
     * @return one sentence, empty when nothing is wrong
     */
    public static Optional<String> problemOf(RunStarted run, Iteration iteration) {
        if (run.getLayersCount() == 0 && run.getBatchNormsCount() == 0) {
            return Optional.empty();
        }
        String problem = unlike("iteration.layers", counts(iteration.getLayers()), run.getLayersCount());
        if (problem == null) {
            problem = unlike("iteration.activations", counts(iteration.getActivations()), run.getLayersCount());
        }
        if (problem == null) {
            int[] count = {iteration.getShattering().getLayerCorrelationCount()};
            problem = unlike("iteration.shattering", count, run.getLayersCount());
        }
        return Optional.ofNullable(
                problem != null
                        ? problem
                        : unlike("iteration.batch_norms", counts(iteration.getBatchNorms()), run.getBatchNormsCount()));
    }

    /**
     * What is wrong with histograms that {@link #decode} has accepted, given the description of their run; as for
     * iterations.
     *
     * @return one sentence, empty when nothing is wrong
     */
    public static Optional<String> problemOf(RunStarted run, Histograms histograms) {
        if (run.getLayersCount() == 0 && run.getBatchNormsCount() == 0) {
            return Optional.empty();
        }
        int[] counts = {histograms.getGradientsCount(), histograms.getParametersCount()};
        return Optional.ofNullable(unlike("histograms", counts, run.getLayersCount()));
    }

    private static int[] counts(ActivationStatistics a) {
        return new int[] {
            a.getMeanCount(), a.getStandardDeviationCount(), a.getNegativeFractionCount(), a.getOneSidedFractionCount()
        };
    }

    private static int[] counts(LayerStatistics l) {
        return new int[] {
            l.getMeanAbsCount(),
            l.getL2Count(),
            l.getMaxAbsCount(),
            l.getZeroFractionCount(),
            l.getNanCountCount(),
            l.getInfCountCount(),
            l.getParameterL2Count(),
            l.getUpdateRatioCount()
        };
    }

    private static int[] counts(BatchNormStatistics b) {
        int[] counts = new int[19];
        int n = 0;
        for (Summary s : new Summary[] {
            b.getGamma(),
            b.getBeta(),
            b.getBatchMean(),
            b.getBatchVariance(),
            b.getRunningMean(),
            b.getRunningVariance()
        }) {
            counts[n++] = s.getMeanCount();
            counts[n++] = s.getMinCount();
            counts[n++] = s.getMaxCount();
        }
        counts[n] = b.getDriftCount();
        return counts;
    }

    private static @Nullable String unlike(String where, int[] counts, int expected) {
        for (int count : counts) {
            if (count != 0 && count != expected) {
                return where + ": arrays of " + count + " elements; the run has " + expected
                        + ", accepted are arrays of that length, or empty ones";
            }
        }
        return null;
    }

    /** Arrays are as long as each other, or empty. */
    private static @Nullable String unequal(String where, int[] counts) {
        int length = 0;
        for (int count : counts) {
            if (count != 0 && length != 0 && count != length) {
                return where + ": arrays of " + length + " and of " + count
                        + " elements; accepted are arrays of equal length, or empty ones";
            }
            length = Math.max(length, count);
        }
        return null;
    }

    private static String shortened(String text) {
        return text.length() <= 120 ? text : text.substring(0, 120) + "…";
    }
}

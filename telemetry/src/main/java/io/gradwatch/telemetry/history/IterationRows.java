package io.gradwatch.telemetry.history;

import com.google.protobuf.Internal.FloatList;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;

/**
 * Iteration records as rows: one of scalars, one for every layer, one for every BN layer, and
 * {@link SampleRows}. {@link IterationReader} is the
 * way back. Fields that a newer producer may have added are not kept.
 *
 * <p>An empty array is NULL in its column, an absent message is a missing bit of {@code presence}.
 */
final class IterationRows {
    /** Bits of {@code presence}: the layers, the BN layers, and from the third on one for each BN quantity. */
    static final int HAS_LAYERS = 1;

    static final int HAS_BATCH_NORMS = 2;
    static final int HAS_FIRST_QUANTITY = 4;

    /** Further bits: one for each message that is sampled. */
    static final int HAS_ACTIVATIONS = 1 << 8;

    static final int HAS_CURVATURE = 1 << 9;
    static final int HAS_SHATTERING = 1 << 10;
    static final int HAS_RESOURCES = 1 << 11;

    private final DuckDBAppender iterations;
    private final DuckDBAppender layerValues;
    private final DuckDBAppender bnValues;
    private final DuckDBAppender layerSamples;

    IterationRows(
            DuckDBAppender iterations,
            DuckDBAppender layerValues,
            DuckDBAppender bnValues,
            DuckDBAppender layerSamples) {
        this.iterations = iterations;
        this.layerValues = layerValues;
        this.bnValues = bnValues;
        this.layerSamples = layerSamples;
    }

    /** Appends the rows of a record; returns how many. */
    int append(int runKey, IterationRecord record) throws SQLException {
        Iteration i = record.iteration();
        iterations.beginRow();
        iterations.append(runKey).append(record.attempt()).append(i.getIteration());
        iterations.append(record.seq()).append(record.partition()).append(record.producedAtMs());
        iterations.append(Integer.toUnsignedLong(i.getEpoch())).append(Integer.toUnsignedLong(i.getBatchSize()));
        append(iterations, i.hasLoss(), i.getLoss());
        append(iterations, i.hasAccuracy(), i.getAccuracy());
        append(iterations, i.hasLearningRate(), i.getLearningRate());
        append(iterations, i.hasIterationMs(), i.getIterationMs());
        append(iterations, i.hasTelemetryMs(), i.getTelemetryMs());
        iterations.append(i.getDropped()).append(presence(i));
        SampleRows.appendScalars(iterations, i);
        iterations.endRow();
        return 1
                + appendLayers(runKey, record)
                + appendBatchNorms(runKey, record)
                + SampleRows.appendLayers(layerSamples, runKey, record);
    }

    private int appendLayers(int runKey, IterationRecord record) throws SQLException {
        LayerStatistics s = record.iteration().getLayers();
        int layers = Math.max(
                longest(s.getMeanAbsList(), s.getL2List(), s.getMaxAbsList(), s.getZeroFractionList()),
                longest(s.getNanCountList(), s.getInfCountList(), s.getParameterL2List(), s.getUpdateRatioList()));
        for (int layer = 0; layer < layers; layer++) {
            begin(layerValues, runKey, record, layer);
            append(layerValues, s.getMeanAbsList(), layer);
            append(layerValues, s.getL2List(), layer);
            append(layerValues, s.getMaxAbsList(), layer);
            append(layerValues, s.getZeroFractionList(), layer);
            appendCount(layerValues, s.getNanCountList(), layer);
            appendCount(layerValues, s.getInfCountList(), layer);
            append(layerValues, s.getParameterL2List(), layer);
            append(layerValues, s.getUpdateRatioList(), layer);
            layerValues.endRow();
        }
        return layers;
    }

    private int appendBatchNorms(int runKey, IterationRecord record) throws SQLException {
        BatchNormStatistics s = record.iteration().getBatchNorms();
        List<Summary> quantities = quantities(s);
        int bns = s.getDriftCount();
        for (Summary q : quantities) {
            bns = Math.max(bns, longest(q.getMeanList(), q.getMinList(), q.getMaxList(), List.of()));
        }
        for (int bn = 0; bn < bns; bn++) {
            begin(bnValues, runKey, record, bn);
            for (Summary q : quantities) {
                append(bnValues, q.getMeanList(), bn);
                append(bnValues, q.getMinList(), bn);
                append(bnValues, q.getMaxList(), bn);
            }
            append(bnValues, s.getDriftList(), bn);
            bnValues.endRow();
        }
        return bns;
    }

    static void begin(DuckDBAppender rows, int runKey, IterationRecord record, int index) throws SQLException {
        rows.beginRow();
        rows.append(runKey).append(record.attempt());
        rows.append(record.iteration().getIteration()).append(record.seq()).append(index);
    }

    /** The six quantities in the order of {@link Schema#BN_QUANTITIES}. */
    private static List<Summary> quantities(BatchNormStatistics s) {
        return List.of(
                s.getGamma(),
                s.getBeta(),
                s.getBatchMean(),
                s.getBatchVariance(),
                s.getRunningMean(),
                s.getRunningVariance());
    }

    private static int presence(Iteration i) {
        BatchNormStatistics b = i.getBatchNorms();
        boolean[] quantities = {
            b.hasGamma(),
            b.hasBeta(),
            b.hasBatchMean(),
            b.hasBatchVariance(),
            b.hasRunningMean(),
            b.hasRunningVariance()
        };
        int bits = (i.hasLayers() ? HAS_LAYERS : 0)
                | (i.hasBatchNorms() ? HAS_BATCH_NORMS : 0)
                | (i.hasActivations() ? HAS_ACTIVATIONS : 0)
                | (i.hasCurvature() ? HAS_CURVATURE : 0)
                | (i.hasShattering() ? HAS_SHATTERING : 0)
                | (i.hasResources() ? HAS_RESOURCES : 0);
        for (int q = 0; q < quantities.length; q++) {
            bits |= quantities[q] ? HAS_FIRST_QUANTITY << q : 0;
        }
        return bits;
    }

    static int longest(List<?> a, List<?> b, List<?> c, List<?> d) {
        return Math.max(Math.max(a.size(), b.size()), Math.max(c.size(), d.size()));
    }

    private static void append(DuckDBAppender rows, boolean measured, float value) throws SQLException {
        if (measured) {
            rows.append(value);
        } else {
            rows.appendNull();
        }
    }

    /** The generated lists are {@link FloatList}s: no boxing. */
    static void append(DuckDBAppender rows, List<Float> values, int index) throws SQLException {
        if (values.isEmpty()) {
            rows.appendNull();
        } else {
            rows.append(values instanceof FloatList floats ? floats.getFloat(index) : (float) values.get(index));
        }
    }

    private static void appendCount(DuckDBAppender rows, List<Integer> values, int index) throws SQLException {
        if (values.isEmpty()) {
            rows.appendNull();
        } else {
            rows.append(Integer.toUnsignedLong(values.get(index)));
        }
    }
}

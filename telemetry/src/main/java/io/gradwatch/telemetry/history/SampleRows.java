package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;

/**
 * What is sampled in an iteration, as rows and back: the columns {@link Schema#SAMPLED_COLUMNS} of its row of scalars, NULL
 * where it was not sampled, and one row of {@code layer_samples} for every layer.
 */
final class SampleRows {
    /** What {@link #readLayer} reads. */
    static final String LAYER_COLUMNS = "seq, layer, " + String.join(", ", Schema.LAYER_SAMPLES);

    private static final int FIRST_VALUE = 3;

    private SampleRows() {}

    /** Appends the sampled columns to a row of {@code iterations} that has been begun. */
    static void appendScalars(DuckDBAppender rows, Iteration i) throws SQLException {
        if (i.hasCurvature()) {
            Curvature c = i.getCurvature();
            append(rows, c.hasStep(), c.getStep());
            append(rows, c.hasGradientSquare(), c.getGradientSquare());
            append(rows, c.hasGradientCurvature(), c.getGradientCurvature());
            append(rows, c.hasPredictedChange(), c.getPredictedChange());
            append(rows, c.hasActualChange(), c.getActualChange());
            append(rows, c.hasCostMs(), c.getCostMs());
        } else {
            appendNulls(rows, Schema.CURVATURE_COLUMNS.size());
        }
        if (i.hasShattering()) {
            Shattering s = i.getShattering();
            append(rows, s.hasCorrelation(), s.getCorrelation());
            append(rows, s.hasCostMs(), s.getCostMs());
        } else {
            appendNulls(rows, Schema.SHATTERING_COLUMNS.size());
        }
        if (i.hasResources()) {
            Resources r = i.getResources();
            append(rows, r.hasProcessCpu(), r.getProcessCpu());
            append(rows, r.hasSystemCpu(), r.getSystemCpu());
            append(rows, r.hasHeapBytes(), r.getHeapBytes());
            append(rows, r.hasResidentBytes(), r.getResidentBytes());
            append(rows, r.hasNativeBytes(), r.getNativeBytes());
            append(rows, r.hasGpu(), r.getGpu());
            append(rows, r.hasGpuBytes(), r.getGpuBytes());
        } else {
            appendNulls(rows, Schema.RESOURCE_COLUMNS.size());
        }
    }

    /** Appends a row for every layer of which something was sampled; returns how many. */
    static int appendLayers(DuckDBAppender rows, int runKey, IterationRecord record) throws SQLException {
        ActivationStatistics a = record.iteration().getActivations();
        List<Float> correlation = record.iteration().getShattering().getLayerCorrelationList();
        int layers = IterationRows.longest(
                a.getMeanList(),
                a.getStandardDeviationList(),
                a.getNegativeFractionList(),
                a.getOneSidedFractionList());
        layers = Math.max(layers, correlation.size());
        for (int layer = 0; layer < layers; layer++) {
            IterationRows.begin(rows, runKey, record, layer);
            for (List<Float> values : List.of(
                    a.getMeanList(),
                    a.getStandardDeviationList(),
                    a.getNegativeFractionList(),
                    a.getOneSidedFractionList(),
                    correlation)) {
                if (layer < values.size()) {
                    IterationRows.append(rows, values, layer);
                } else { // activations and correlation may speak of different numbers of layers
                    rows.appendNull();
                }
            }
            rows.endRow();
        }
        return layers;
    }

    /** Reads the sampled columns of a row of {@code iterations} back, as far as the record had the messages. */
    static void readScalars(ResultSet row, int presence, Builders to) throws SQLException {
        if ((presence & IterationRows.HAS_CURVATURE) != 0) {
            Curvature.Builder c = to.curvature;
            read(row, "curvature_step", ResultSet::getFloat, c::setStep);
            read(row, "curvature_gradient_square", ResultSet::getDouble, c::setGradientSquare);
            read(row, "curvature_gradient_curvature", ResultSet::getDouble, c::setGradientCurvature);
            read(row, "curvature_predicted_change", ResultSet::getDouble, c::setPredictedChange);
            read(row, "curvature_actual_change", ResultSet::getDouble, c::setActualChange);
            read(row, "curvature_cost_ms", ResultSet::getFloat, c::setCostMs);
        }
        if ((presence & IterationRows.HAS_SHATTERING) != 0) {
            read(row, "shattering_correlation", ResultSet::getFloat, to.shattering::setCorrelation);
            read(row, "shattering_cost_ms", ResultSet::getFloat, to.shattering::setCostMs);
        }
        if ((presence & IterationRows.HAS_RESOURCES) != 0) {
            Resources.Builder r = to.resources;
            read(row, "resources_process_cpu", ResultSet::getFloat, r::setProcessCpu);
            read(row, "resources_system_cpu", ResultSet::getFloat, r::setSystemCpu);
            read(row, "resources_heap_bytes", ResultSet::getLong, r::setHeapBytes);
            read(row, "resources_resident_bytes", ResultSet::getLong, r::setResidentBytes);
            read(row, "resources_native_bytes", ResultSet::getLong, r::setNativeBytes);
            read(row, "resources_gpu", ResultSet::getFloat, r::setGpu);
            read(row, "resources_gpu_bytes", ResultSet::getLong, r::setGpuBytes);
        }
    }

    /** Takes a row of {@link #LAYER_COLUMNS}, in the order of the layers. */
    static void readLayer(ResultSet row, Builders to) throws SQLException {
        for (int column = FIRST_VALUE; column < FIRST_VALUE + Schema.LAYER_SAMPLES.size(); column++) {
            float value = row.getFloat(column);
            if (row.wasNull()) {
                continue;
            }
            switch (column - FIRST_VALUE) {
                case 0 -> to.activations.addMean(value);
                case 1 -> to.activations.addStandardDeviation(value);
                case 2 -> to.activations.addNegativeFraction(value);
                case 3 -> to.activations.addOneSidedFraction(value);
                default -> to.shattering.addLayerCorrelation(value);
            }
        }
    }

    /** The sampled messages of a record while it is put together again. */
    static final class Builders {
        private final ActivationStatistics.Builder activations = ActivationStatistics.newBuilder();
        private final Curvature.Builder curvature = Curvature.newBuilder();
        private final Shattering.Builder shattering = Shattering.newBuilder();
        private final Resources.Builder resources = Resources.newBuilder();

        /** Sets the messages that the record had. */
        void into(Iteration.Builder iteration, int presence) {
            if ((presence & IterationRows.HAS_ACTIVATIONS) != 0) {
                iteration.setActivations(activations);
            }
            if ((presence & IterationRows.HAS_CURVATURE) != 0) {
                iteration.setCurvature(curvature);
            }
            if ((presence & IterationRows.HAS_SHATTERING) != 0) {
                iteration.setShattering(shattering);
            }
            if ((presence & IterationRows.HAS_RESOURCES) != 0) {
                iteration.setResources(resources);
            }
        }
    }

    private interface Getter<T> {
        T get(ResultSet row, String column) throws SQLException;
    }

    private interface Setter<T> {
        Object set(T value);
    }

    private static <T> void read(ResultSet row, String column, Getter<T> getter, Setter<T> setter) throws SQLException {
        T value = getter.get(row, column);
        if (!row.wasNull()) {
            var unused = setter.set(value);
        }
    }

    private static void appendNulls(DuckDBAppender rows, int n) throws SQLException {
        for (int i = 0; i < n; i++) {
            rows.appendNull();
        }
    }

    private static void append(DuckDBAppender rows, boolean measured, float value) throws SQLException {
        if (measured) {
            rows.append(value);
        } else {
            rows.appendNull();
        }
    }

    private static void append(DuckDBAppender rows, boolean measured, double value) throws SQLException {
        if (measured) {
            rows.append(value);
        } else {
            rows.appendNull();
        }
    }

    private static void append(DuckDBAppender rows, boolean measured, long value) throws SQLException {
        if (measured) {
            rows.append(value);
        } else {
            rows.appendNull();
        }
    }
}

package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Puts iteration records together again from their rows. Not thread-safe; for one query. */
final class IterationReader {
    private static final int FIRST_VALUE = 3;

    private final String runId;
    private final TreeMap<Long, Part> parts = new TreeMap<>();

    IterationReader(String runId) {
        this.runId = runId;
    }

    /** Takes a row of {@code SELECT * FROM iterations}. */
    void scalars(ResultSet row) throws SQLException {
        Iteration.Builder i = Iteration.newBuilder()
                .setIteration(row.getLong("iteration"))
                .setEpoch((int) row.getLong("epoch"))
                .setBatchSize((int) row.getLong("batch_size"))
                .setDropped(row.getLong("dropped"));
        Float loss = Sql.maybeFloat(row, "loss");
        if (loss != null) {
            i.setLoss(loss);
        }
        Float accuracy = Sql.maybeFloat(row, "accuracy");
        if (accuracy != null) {
            i.setAccuracy(accuracy);
        }
        Float learningRate = Sql.maybeFloat(row, "learning_rate");
        if (learningRate != null) {
            i.setLearningRate(learningRate);
        }
        Float iterationMs = Sql.maybeFloat(row, "iteration_ms");
        if (iterationMs != null) {
            i.setIterationMs(iterationMs);
        }
        Float telemetryMs = Sql.maybeFloat(row, "telemetry_ms");
        if (telemetryMs != null) {
            i.setTelemetryMs(telemetryMs);
        }
        Part part = new Part(
                row.getInt("attempt"), row.getInt("partition"), row.getLong("produced_at"), row.getInt("presence"), i);
        SampleRows.readScalars(row, part.presence, part.samples);
        parts.put(row.getLong("seq"), part);
    }

    /** Takes a row of {@link SampleRows#LAYER_COLUMNS}, in the order of the layers. */
    void layerSample(ResultSet row) throws SQLException {
        Part part = parts.get(row.getLong(1));
        if (part != null) {
            SampleRows.readLayer(row, part.samples);
        }
    }

    /** Takes a row of {@link #LAYER_COLUMNS}, in the order of the layers. */
    void layer(ResultSet row) throws SQLException {
        Part part = parts.get(row.getLong(1));
        if (part == null) {
            return;
        }
        LayerStatistics.Builder l = part.layers;
        for (int column = FIRST_VALUE; column < FIRST_VALUE + 8; column++) {
            float value = row.getFloat(column);
            if (row.wasNull()) {
                continue;
            }
            switch (column - FIRST_VALUE) {
                case 0 -> l.addMeanAbs(value);
                case 1 -> l.addL2(value);
                case 2 -> l.addMaxAbs(value);
                case 3 -> l.addZeroFraction(value);
                case 4 -> l.addParameterL2(value);
                case 5 -> l.addUpdateRatio(value);
                case 6 -> l.addNanCount((int) row.getLong(column));
                default -> l.addInfCount((int) row.getLong(column));
            }
        }
    }

    /** What {@link #layer} reads. */
    static final String LAYER_COLUMNS =
            "seq, layer, mean_abs, l2, max_abs, zero_fraction, parameter_l2, update_ratio," + " nan_count, inf_count";

    /** Takes a row of {@link #BN_COLUMNS}, in the order of the BN layers. */
    void batchNorm(ResultSet row) throws SQLException {
        Part part = parts.get(row.getLong(1));
        if (part == null) {
            return;
        }
        int column = FIRST_VALUE;
        for (Summary.Builder quantity : part.quantities) {
            for (int kind = 0; kind < 3; kind++, column++) {
                float value = row.getFloat(column);
                if (row.wasNull()) {
                    continue;
                }
                switch (kind) {
                    case 0 -> quantity.addMean(value);
                    case 1 -> quantity.addMin(value);
                    default -> quantity.addMax(value);
                }
            }
        }
        float drift = row.getFloat(column);
        if (!row.wasNull()) {
            part.batchNorms.addDrift(drift);
        }
    }

    /** What {@link #batchNorm} reads. */
    static final String BN_COLUMNS = "seq, bn, "
            + String.join(
                    ", ",
                    Schema.BN_QUANTITIES.stream()
                            .map(q -> q + "_mean, " + q + "_min, " + q + "_max")
                            .toList())
            + ", drift";

    /** The records in ascending order of seq. */
    List<IterationRecord> records() {
        List<IterationRecord> records = new ArrayList<>(parts.size());
        parts.forEach((seq, part) -> records.add(part.record(runId, seq)));
        return records;
    }

    private static final class Part {
        private final int attempt;
        private final int partition;
        private final long producedAtMs;
        private final int presence;
        private final Iteration.Builder iteration;
        private final LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        private final BatchNormStatistics.Builder batchNorms = BatchNormStatistics.newBuilder();
        private final List<Summary.Builder> quantities = new ArrayList<>();
        private final SampleRows.Builders samples = new SampleRows.Builders();

        Part(int attempt, int partition, long producedAtMs, int presence, Iteration.Builder iteration) {
            this.attempt = attempt;
            this.partition = partition;
            this.producedAtMs = producedAtMs;
            this.presence = presence;
            this.iteration = iteration;
            for (int q = 0; q < Schema.BN_QUANTITIES.size(); q++) {
                quantities.add(Summary.newBuilder());
            }
        }

        IterationRecord record(String runId, long seq) {
            if (has(IterationRows.HAS_LAYERS)) {
                iteration.setLayers(layers);
            }
            if (has(IterationRows.HAS_BATCH_NORMS)) {
                for (int q = 0; q < quantities.size(); q++) {
                    if (has(IterationRows.HAS_FIRST_QUANTITY << q)) {
                        set(q, quantities.get(q));
                    }
                }
                iteration.setBatchNorms(batchNorms);
            }
            samples.into(iteration, presence);
            return new IterationRecord(runId, attempt, partition, seq, producedAtMs, iteration.build());
        }

        private boolean has(int bit) {
            return (presence & bit) != 0;
        }

        private void set(int quantity, Summary.Builder summary) {
            switch (quantity) {
                case 0 -> batchNorms.setGamma(summary);
                case 1 -> batchNorms.setBeta(summary);
                case 2 -> batchNorms.setBatchMean(summary);
                case 3 -> batchNorms.setBatchVariance(summary);
                case 4 -> batchNorms.setRunningMean(summary);
                default -> batchNorms.setRunningVariance(summary);
            }
        }
    }
}

package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Smooths metrics over all of their raw values, whatever the range that is looked at. */
final class SmoothingScan {
    private final RunExtent run;
    private final BucketScan.Place place;
    private final Smoothing smoothing;
    private final Buckets buckets;

    SmoothingScan(RunExtent run, BucketScan.Place place, Smoothing smoothing, Buckets buckets) {
        this.run = run;
        this.place = place;
        this.smoothing = smoothing;
        this.buckets = buckets;
    }

    /**
     * Smooths metrics of one table, of one layer where it has layers.
     *
     * @return by metric and bucket; null where a bucket has no smoothed value
     */
    @Nullable
    Smoothed[][] smooth(Connection connection, List<Metric> metrics, int layer) throws SQLException {
        long memory = smoothing.memory();
        // by iteration the beginning is known, and what is too far from it need not be read
        boolean mayBeginLater = place.alignment() == Alignment.ITERATION && buckets.from() > memory;
        if (mayBeginLater) {
            Pass pass = pass(connection, metrics, layer, buckets.from() - memory, buckets.from());
            if (pass.rememberedAtLeast(memory)) {
                return pass.found();
            }
        }
        return pass(connection, metrics, layer, 0, 0).found();
    }

    private Pass pass(Connection connection, List<Metric> metrics, int layer, long first, long measuredFrom)
            throws SQLException {
        Pass pass = new Pass(metrics.size(), measuredFrom);
        Sql.each(connection, sql(metrics, layer, first), row -> {
            long at = row.getLong(1);
            for (int m = 0; m < metrics.size(); m++) {
                double value = row.getDouble(2 + m);
                if (!row.wasNull()) {
                    pass.take(m, at, value);
                }
            }
        });
        return pass;
    }

    private String sql(List<Metric> metrics, int layer, long first) {
        Metric any = metrics.get(0);
        boolean perLayer = any.scope() != Metric.Scope.RUN;
        boolean elsewhere = perLayer && place.alignment() != Alignment.ITERATION;
        String values = IntStream.range(0, metrics.size())
                .mapToObj(m -> "(" + metrics.get(m).expression() + ")::"
                        + metrics.get(m).kind().type())
                .collect(Collectors.joining(", "));
        String from = elsewhere
                ? any.table() + " JOIN (SELECT seq, " + place.expression()
                        + " AS place FROM iterations WHERE run_key = " + run.runKey() + ") USING (seq)"
                : any.table();
        String end = place.alignment() == Alignment.ITERATION ? " AND iteration < " + buckets.to() : "";
        return "SELECT " + (elsewhere ? "place" : place.expression()) + ", " + values + " FROM " + from
                + " WHERE run_key = " + run.runKey() + " AND iteration >= " + first + end + " AND " + run.visible()
                + (perLayer ? " AND " + any.scope().index() + " = " + layer : "") + " ORDER BY iteration";
    }

    /** One reading of the values, in the order of their iterations. */
    private final class Pass {
        private final Smoothing.Course[] courses;
        private final Smoothed.@Nullable Builder[][] builders;
        private final long measuredFrom;
        private final long[] before;

        Pass(int metrics, long measuredFrom) {
            courses = new Smoothing.Course[metrics];
            before = new long[metrics];
            builders = new Smoothed.Builder[metrics][buckets.number()];
            this.measuredFrom = measuredFrom;
            for (int m = 0; m < metrics; m++) {
                courses[m] = smoothing.begin();
            }
        }

        void take(int metric, long at, double value) {
            double smoothed = courses[metric].next(value);
            if (at < measuredFrom) {
                before[metric] = courses[metric].values();
            }
            if (at < buckets.from() || at >= buckets.to() || Double.isNaN(smoothed)) {
                return;
            }
            int number = Math.toIntExact((at - buckets.from()) / buckets.width());
            Smoothed.Builder builder = builders[metric][number];
            if (builder == null) {
                builder = new Smoothed.Builder();
                builders[metric][number] = builder;
            }
            builder.add(smoothed);
        }

        boolean rememberedAtLeast(long values) {
            for (long taken : before) {
                if (taken < values) {
                    return false;
                }
            }
            return true;
        }

        @Nullable
        Smoothed[][] found() {
            @Nullable Smoothed[][] found = new Smoothed[builders.length][buckets.number()];
            for (int m = 0; m < builders.length; m++) {
                for (int b = 0; b < buckets.number(); b++) {
                    Smoothed.Builder builder = builders[m][b];
                    found[m][b] = builder == null ? null : builder.build();
                }
            }
            return found;
        }
    }
}

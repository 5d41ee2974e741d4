package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the raw rows of a table for any number of its metrics.
 *
 * <p>Values are taken to be finite at first: that needs no condition on each value, and is up to twice as fast. A NaN sorts
 * above, an infinity at an end of everything finite, so a smallest or largest value that is not finite gives the bucket
 * away; these are then computed again with every condition.
 */
final class BucketScan {
    /** Takes what was found, in no particular order; never an empty bucket. */
    interface Taker {
        /**
         * @param metric its position in the list
         * @param layer 0 for a metric of the run
         */
        void take(int metric, int layer, Bucket bucket);
    }

    /** Columns of a metric: count, min, max, sum, NaN, infinities, first, last. */
    private static final int COLUMNS = 8;

    private static final int MOST_RANGES = 4;

    private final RunExtent run;
    private final Place place;
    private final List<Metric> metrics;
    private final Buckets buckets;
    private final String condition;
    private final boolean withEnds;

    /**
     * Where on the axis rows are.
     *
     * @param origin the place, in the column's unit, that counts as 0
     */
    record Place(Alignment alignment, long origin) {
        static final Place ITERATION = new Place(Alignment.ITERATION, 0);

        String expression() {
            return origin == 0 ? alignment.column() : "(" + alignment.column() + " - " + origin + ")";
        }
    }

    /**
     * @param metrics of the same table; at least one
     * @param condition on the rows; "true" for all
     * @param withEnds whether first and last value are wanted; without them they are null
     */
    BucketScan(RunExtent run, Place place, List<Metric> metrics, Buckets buckets, String condition, boolean withEnds) {
        this.run = run;
        this.place = place;
        this.metrics = metrics;
        this.buckets = buckets;
        this.condition = condition;
        this.withEnds = withEnds;
    }

    /**
     * Reads the rows.
     *
     * @param exactly whether to expect values that are not finite, and look at every value in the first place
     * @return whether there were some
     */
    boolean run(Connection connection, boolean exactly, Taker taker) throws SQLException {
        if (buckets.number() == 0) {
            return false;
        }
        if (exactly) {
            boolean[] any = new boolean[1];
            scan(connection, sql(true, "true"), (metric, layer, number, bucket) -> {
                any[0] |= bucket.nan() + bucket.inf() > 0;
                taker.take(metric, layer, bucket);
            });
            return any[0];
        }
        BitSet odd = new BitSet();
        BitSet[] oddOf = metrics.stream().map(m -> new BitSet()).toArray(BitSet[]::new);
        scan(connection, sql(false, "true"), (metric, layer, number, bucket) -> {
            if (isFinite(bucket)) {
                taker.take(metric, layer, bucket);
            } else {
                odd.set(number);
                oddOf[metric].set(number);
            }
        });
        if (odd.isEmpty()) {
            return false;
        }
        scan(connection, sql(true, among(odd)), (metric, layer, number, bucket) -> {
            // the others of these buckets' layers came with the first pass, if they were finite
            if (oddOf[metric].get(number) && (bucket.nan() > 0 || bucket.inf() > 0)) {
                taker.take(metric, layer, bucket);
            }
        });
        return true;
    }

    private interface Found {
        void take(int metric, int layer, int number, Bucket bucket);
    }

    private void scan(Connection connection, String sql, Found found) throws SQLException {
        Sql.each(connection, sql, row -> {
            int number = row.getInt(1);
            int layer = row.getInt(2);
            for (int metric = 0; metric < metrics.size(); metric++) {
                int first = 3 + COLUMNS * metric;
                long count = row.getLong(first);
                if (count > 0) {
                    found.take(metric, layer, number, bucket(row, first, number, count));
                }
            }
        });
    }

    private Bucket bucket(ResultSet row, int first, int number, long count) throws SQLException {
        long nan = row.getLong(first + 4);
        long inf = row.getLong(first + 5);
        long finite = count - nan - inf;
        return new Bucket(
                buckets.start(number),
                buckets.end(number),
                count,
                finite == 0 ? null : (Double) row.getDouble(first + 1),
                finite == 0 ? null : (Double) row.getDouble(first + 2),
                finite == 0 ? null : (Double) (row.getDouble(first + 3) / finite),
                end(row, first + 6),
                end(row, first + 7),
                nan,
                inf);
    }

    private @Nullable Double end(ResultSet row, int column) throws SQLException {
        return withEnds ? (Double) row.getDouble(column) : null;
    }

    private static boolean isFinite(Bucket b) {
        return b.min() != null && b.max() != null && Double.isFinite(b.min()) && Double.isFinite(b.max());
    }

    /** Numbers stand in the text, not in parameters: the planner uses their ranges. */
    private String sql(boolean exactly, String which) {
        Metric any = metrics.get(0);
        boolean perLayer = any.scope() != Metric.Scope.RUN;
        String values = IntStream.range(0, metrics.size())
                .mapToObj(m -> "(" + metrics.get(m).expression() + ")::"
                        + metrics.get(m).kind().type() + " AS v" + m)
                .collect(Collectors.joining(", "));
        String aggregates = IntStream.range(0, metrics.size())
                .mapToObj(m -> aggregates("v" + m, exactly))
                .collect(Collectors.joining(", "));
        String place = this.place.expression();
        String range = place + " >= " + buckets.from() + " AND " + place + " < " + buckets.to();
        boolean elsewhere = perLayer && this.place.alignment() != Alignment.ITERATION;
        String from = elsewhere
                ? any.table() + " JOIN (SELECT seq, " + place + " AS place FROM iterations WHERE run_key = "
                        + run.runKey() + " AND " + range + " AND " + run.visible() + ") USING (seq)"
                : any.table();
        return "SELECT b, " + (perLayer ? "l" : "0") + ", " + aggregates + " FROM (SELECT ("
                + (elsewhere ? "place" : place) + " - " + buckets.from() + ") // " + buckets.width() + " AS b, "
                + (perLayer ? any.scope().index() + " AS l, " : "") + "iteration AS i, " + values + " FROM " + from
                + " WHERE run_key = " + run.runKey() + (elsewhere ? "" : " AND " + range) + " AND " + run.visible()
                + " AND " + condition + ") WHERE " + which + " GROUP BY b" + (perLayer ? ", l" : "");
    }

    private String aggregates(String v, boolean exactly) {
        String finite = exactly ? " FILTER (isfinite(" + v + "))" : "";
        List<String> all = new ArrayList<>(List.of(
                "count(" + v + ")",
                "min(" + v + ")" + finite,
                "max(" + v + ")" + finite,
                "sum(" + v + "::DOUBLE)" + finite,
                exactly ? "count(*) FILTER (isnan(" + v + "))" : "0",
                exactly ? "count(*) FILTER (isinf(" + v + "))" : "0",
                withEnds ? "arg_min(" + v + ", i)" : "0",
                withEnds ? "arg_max(" + v + ", i)" : "0"));
        return String.join(", ", all);
    }

    /** A run that has diverged has one long range of such buckets. Many ranges cost more than all rows again. */
    private static String among(BitSet numbers) {
        List<String> ranges = new ArrayList<>();
        for (int from = numbers.nextSetBit(0); from >= 0; from = numbers.nextSetBit(numbers.nextClearBit(from))) {
            ranges.add("b BETWEEN " + from + " AND " + (numbers.nextClearBit(from) - 1));
        }
        return ranges.size() > MOST_RANGES ? "true" : "(" + String.join(" OR ", ranges) + ")";
    }
}

package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivergenceQueriesTest {
    private static final int LAYERS = 4;

    @TempDir
    Path directory;

    private History history;
    private HistoryFixture fixture;

    @BeforeEach
    void open() throws Exception {
        history = History.open(directory, Clock.systemUTC());
        fixture = new HistoryFixture(history);
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void findsNoneInRunsThatAreEqualToTheBitWithTheirNan() {
        run("a", 0, 300, DivergenceQueriesTest::ordinary);
        run("b", 0, 300, DivergenceQueriesTest::ordinary);

        Divergence found = compare(0, "loss", "gradient.mean_abs");

        assertThat(found.first()).isEmpty();
        assertThat(found.from()).isZero();
        assertThat(found.to()).isEqualTo(300);
        assertThat(found.metrics()).extracting(Divergence.OfMetric::iteration).containsOnlyNulls();
    }

    @Test
    void findsTheLastBitAndTheLayerNearestToTheLoss() {
        run("a", 0, 300, DivergenceQueriesTest::ordinary);
        run("b", 0, 300, i -> i < 120 ? ordinary(i) : changed(i, 2, g -> Math.nextUp(g)));

        Divergence.OfMetric found =
                compare(0, "loss", "gradient.mean_abs").first().orElseThrow();

        assertThat(found.metric().name()).isEqualTo("gradient.mean_abs");
        assertThat(found.iteration()).isEqualTo(120);
        assertThat(found.differing()).extracting(Divergence.Difference::layer).containsExactly(0, 1, 2);
        assertThat(found.responsible().orElseThrow().layer()).isEqualTo(2);
        assertThat(compare(1e-3, "gradient.mean_abs").first()).isEmpty();
    }

    @Test
    void comparesByTheShareOfTheLargerOne() {
        run("a", 0, 100, DivergenceQueriesTest::ordinary);
        run("b", 0, 100, i -> changed(i, LAYERS - 1, g -> g * (i < 60 ? 1.005f : 1.02f)));

        assertThat(compare(0.01, "gradient.mean_abs").first().orElseThrow().iteration())
                .isEqualTo(60);
        assertThat(compare(0.001, "gradient.mean_abs").first().orElseThrow().iteration())
                .isEqualTo(0);
        assertThat(compare(0.1, "gradient.mean_abs").first()).isEmpty();
    }

    @Test
    void takesNanAndWhatWasNotMeasuredForADifferenceWhateverTheTolerance() {
        run("a", 0, 100, DivergenceQueriesTest::ordinary);
        run("b", 0, 100, i -> i == 40 ? changed(i, 0, g -> Float.NaN) : i == 30 ? withoutLoss(i) : ordinary(i));

        Divergence found = compare(0.5, "gradient.mean_abs", "loss");

        assertThat(found.metrics()).extracting(Divergence.OfMetric::iteration).containsExactly(40L, 30L);
        assertThat(found.first().orElseThrow().metric().name()).isEqualTo("loss");
        assertThat(found.first().orElseThrow().differing().get(0).b()).isNull();
    }

    @Test
    void looksOnlyAtIterationsThatBothHave() {
        run("a", 0, 100, DivergenceQueriesTest::ordinary);
        run("b", 50, 200, i -> i < 100 ? ordinary(i) : changed(i, 0, g -> 7));

        Divergence found = compare(0, "loss", "gradient.mean_abs");

        assertThat(found.first()).isEmpty();
        assertThat(found.from()).isEqualTo(50);
        assertThat(found.to()).isEqualTo(100);
    }

    @Test
    void tellsZeroFromNegativeZeroOnlyByTheirBits() {
        run("a", 0, 10, i -> changed(i, 0, g -> 0f));
        run("b", 0, 10, i -> changed(i, 0, g -> -0f));

        assertThat(compare(0, "gradient.mean_abs").first().orElseThrow().iteration())
                .isZero();
        assertThat(compare(1e-9, "gradient.mean_abs").first()).isEmpty();
    }

    private Divergence compare(double tolerance, String... metrics) {
        return history.divergence()
                .compare(
                        history.runs().extent("a").orElseThrow(),
                        history.runs().extent("b").orElseThrow(),
                        Arrays.stream(metrics).map(SeriesQueriesTest::metric).toList(),
                        tolerance);
    }

    private void run(String id, long from, long to, LongFunction<Iteration> iterations) {
        List<IterationRecord> records = new ArrayList<>();
        for (long i = from; i < to; i++) {
            records.add(new IterationRecord(id, 1, 0, i, 0, iterations.apply(i)));
        }
        fixture.start(id, 1, HistoryFixture.started(id, LAYERS, 0));
        fixture.append(records);
        fixture.commit();
    }

    private static Iteration ordinary(long i) {
        return changed(i, -1, g -> g);
    }

    private static Iteration withoutLoss(long i) {
        return ordinary(i).toBuilder().clearLoss().build();
    }

    private interface Change {
        float of(float g);
    }

    /** The gradients up to a layer, which come after it on their way from the loss, are changed. */
    private static Iteration changed(long i, int upTo, Change change) {
        LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        for (int layer = 0; layer < LAYERS; layer++) {
            float g = i == 20 ? Float.NaN : 0.1f * (layer + 1) + i;
            layers.addMeanAbs(layer <= upTo ? change.of(g) : g);
        }
        return Iteration.newBuilder()
                .setIteration(i)
                .setLoss(4.6f - i * 0.01f)
                .setLayers(layers)
                .build();
    }
}

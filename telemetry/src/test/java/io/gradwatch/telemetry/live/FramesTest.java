package io.gradwatch.telemetry.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Frames, byte for byte. The dashboard's tests read the same golden files. {@code -Dgolden.write=true} writes them. */
class FramesTest {
    private static final Pattern SAMPLED = Pattern.compile("^(activation|curvature|shattering|resources)\\.");
    private static final Path GOLDEN = Path.of("..", "contract", "src", "test", "resources", "golden", "frames");
    private static final long SENT = 1_795_449_912_351L;

    @Test
    void writesPointsAsTheGoldenFileSays() throws IOException {
        List<IterationRecord> records = LongStream.range(0, 3)
                .mapToObj(i -> Records.record(101 + i, 473 + i))
                .toList();

        Buffer frame = PointsFrame.encode(head(100), records, MetricSet.DEFAULT);

        matchesGolden("points", frame);
        FrameReader read = new FrameReader(frame);
        assertThat(read.header.getInteger("points")).isEqualTo(3);
        assertThat(read.prev()).isEqualTo(100);
        assertThat(read.seqFrom()).isEqualTo(101);
        assertThat(read.seqTo()).isEqualTo(103);
        assertThat(read.header.getLong("dropped")).isEqualTo(3);
        assertThat(read.header.getLong("producedAt")).isEqualTo(1_795_449_912_475L);
        assertThat(read.block("iteration")).containsExactly(473, 474, 475);
        assertThat(read.block("epoch")).containsExactly(0, 0, 1);
        assertThat(read.block("gradient.mean_abs")).containsExactly(473, 473.1f, 474, 474.1f, 475, 475.1f);
        assertThat(read.block("gradient.nan"))
                .as("an absent counter counts none")
                .containsOnly(0);
        assertThat(read.block("bn.batch_mean_mean")).containsExactly(473, 474, 475);
        assertThat(read.blocks).doesNotContainKeys("bn.gamma_min", "bn.gamma_max", "count");
        assertThat(read.block("flags")).containsOnly(0);
    }

    @Test
    void tellsWhatWasNotMeasuredFromWhatWasNaN() throws IOException {
        Iteration absent = Iteration.newBuilder()
                .setIteration(7)
                .setLayers(LayerStatistics.newBuilder()
                        .addMeanAbs(Float.NaN)
                        .addMeanAbs(Float.POSITIVE_INFINITY)
                        .addNanCount(5)
                        .addNanCount(0))
                .build();
        Iteration nan = Iteration.newBuilder()
                .setIteration(8)
                .setLoss(Float.NaN)
                .setAccuracy(0.5f)
                .build();
        List<IterationRecord> records = List.of(
                new IterationRecord(Records.RUN, 2, 0, 11, 1_795_449_912_007L, absent),
                new IterationRecord(Records.RUN, 2, 0, 14, 1_795_449_912_008L, nan));

        Buffer frame = PointsFrame.encode(
                head(-1),
                records,
                new MetricSet(List.of("loss", "accuracy", "gradient.mean_abs", "gradient.nan", "bn.batch_mean")));

        matchesGolden("not-measured", frame);
        FrameReader read = new FrameReader(frame);
        assertThat(read.header.getInteger("attempt")).isEqualTo(2);
        assertThat(read.block("loss")).containsExactly(Double.NaN, Double.NaN);
        assertThat(read.block("flags")).containsExactly(7, 4);
        assertThat(read.block("gradient.mean_abs"))
                .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.NaN, Double.NaN);
        assertThat(read.block("gradient.nan")).containsExactly(5, 0, 0, 0);
        assertThat(read.block("bn.batch_mean")).containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void conflatesToTheLastValueTheExtremesAndTheSums() throws IOException {
        Conflation conflation =
                new Conflation(new MetricSet(List.of("loss", "gradient.mean_abs", "gradient.nan", "dropped")));
        float[] gradients = {3, -1, Float.NaN, 8, 2};
        for (int i = 0; i < gradients.length; i++) {
            Iteration iteration = Iteration.newBuilder()
                    .setIteration(40 + i)
                    .setLoss(i == 2 ? Float.POSITIVE_INFINITY : 4 - i)
                    .setDropped(i)
                    .setLayers(LayerStatistics.newBuilder()
                            .addMeanAbs(gradients[i])
                            .addMeanAbs(Float.NaN)
                            .addNanCount(i)
                            .addNanCount(1))
                    .build();
            conflation.add(new IterationRecord(Records.RUN, 1, 0, 200 + 2 * i, 1_795_449_912_000L + i, iteration));
        }

        Buffer frame = conflation.drain(199, SENT);

        matchesGolden("conflated", frame);
        FrameReader read = new FrameReader(frame);
        assertThat(read.conflated()).isTrue();
        assertThat(read.header.getInteger("points")).isEqualTo(1);
        assertThat(read.seqFrom()).isEqualTo(200);
        assertThat(read.seqTo()).isEqualTo(208);
        assertThat(read.block("count")).containsExactly(5);
        assertThat(read.block("iteration")).containsExactly(44);
        assertThat(read.block("loss")).containsExactly(0);
        assertThat(read.block("loss.min")).containsExactly(0);
        assertThat(read.block("loss.max")).containsExactly(4);
        assertThat(read.block("gradient.mean_abs")).containsExactly(2, Double.NaN);
        assertThat(read.block("gradient.mean_abs.min")).containsExactly(-1, Double.NaN);
        assertThat(read.block("gradient.mean_abs.max")).containsExactly(8, Double.NaN);
        assertThat(read.block("gradient.nan")).containsExactly(10, 5);
        assertThat(read.blocks).doesNotContainKeys("gradient.nan.min", "iteration.min");
        assertThat(conflation.seqTo()).isEqualTo(-1);
    }

    @Test
    void startsConflatingAnewAfterAFrame() {
        Conflation conflation = new Conflation(new MetricSet(List.of("loss", "gradient.mean_abs")));
        conflation.add(Records.record(1, 1000));
        conflation.drain(0, SENT);

        conflation.add(Records.record(2, 5));

        FrameReader read = new FrameReader(conflation.drain(1, SENT));
        assertThat(read.seqFrom()).isEqualTo(2);
        assertThat(read.block("count")).containsExactly(1);
        assertThat(read.block("gradient.mean_abs.max")).containsExactly(5, 5.1f);
    }

    @Test
    void writesHeatMapsAsTheGoldenFileSays() throws IOException {
        float nan = Float.NaN;
        Buffer frame = HeatmapFrame.encode(
                Records.RUN,
                "gradient.mean_abs",
                0,
                30,
                10,
                2,
                new double[] {0, 10, 20},
                new float[] {1, 2, nan, 4, nan, 6},
                new float[] {0.5f, 1, nan, 3, nan, 5},
                new float[] {1.5f, 3, nan, 5, nan, 7},
                new float[] {0, 1, 0, 0, 10, 0},
                new float[] {0, 0, 0, 2, 0, 0},
                new float[] {10, 10, 0, 10, 10, 10});

        matchesGolden("heatmap", frame);
        FrameReader read = new FrameReader(frame);
        assertThat(read.header.getInteger("rows")).isEqualTo(2);
        assertThat(read.header.getInteger("columns")).isEqualTo(3);
        assertThat(read.block("starts")).containsExactly(0, 10, 20);
        assertThat(read.block("count")).containsExactly(10, 10, 0, 10, 10, 10);
    }

    @Test
    void refusesAHeatMapWhoseCellsAreMissing() {
        float[] four = new float[4];
        assertThatThrownBy(() -> HeatmapFrame.encode(
                        Records.RUN, "loss", 0, 2, 1, 2, new double[2], four, four, new float[3], four, four, four))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max has 3 cells; accepted are 2 x 2");
    }

    @Test
    void leavesOutBlocksOfNetworksWithoutBatchNorms() {
        IterationRecord record = new IterationRecord(
                Records.RUN, 1, 0, 1, 0, Records.iteration(0, 3, 0).build());

        FrameReader read = new FrameReader(PointsFrame.encode(
                new FrameHead(FrameHead.Source.CATCHUP, -1, 3, 0, 0), List.of(record), MetricSet.DEFAULT));

        assertThat(read.blocks.keySet()).noneMatch(name -> name.startsWith("bn."));
        assertThat(read.header.getString("source")).isEqualTo("catchup");
    }

    @Test
    void hasBlocksOfSamplesOnlyWhereSomethingWasSampled() {
        Iteration none = Records.iteration(7, 2, 0).build();
        Iteration sampled = Records.iteration(8, 2, 0)
                .setActivations(ActivationStatistics.newBuilder()
                        .addNegativeFraction(0.5f)
                        .addNegativeFraction(Float.NaN))
                .setCurvature(Curvature.newBuilder().setGradientSquare(1e-60))
                .setResources(Resources.newBuilder().setHeapBytes(9_007_199_254_740_991L))
                .build();
        IterationRecord before = new IterationRecord(Records.RUN, 1, 0, 11, 0, none);
        IterationRecord now = new IterationRecord(Records.RUN, 1, 0, 12, 0, sampled);

        FrameReader plain = new FrameReader(PointsFrame.encode(head(10), List.of(before), MetricSet.DEFAULT));
        FrameReader frame = new FrameReader(PointsFrame.encode(head(10), List.of(before, now), MetricSet.DEFAULT));

        assertThat(plain.blocks.keySet()).noneMatch(SAMPLED.asPredicate());
        assertThat(frame.blocks.keySet())
                .filteredOn(SAMPLED.asPredicate())
                .containsExactly("activation.negative_fraction", "curvature.gradient_square", "resources.heap_bytes");
        assertThat(frame.block("activation.negative_fraction"))
                .containsExactly(Double.NaN, Double.NaN, 0.5, Double.NaN);
        assertThat(frame.block("curvature.gradient_square")).containsExactly(Double.NaN, 1e-60);
        assertThat(frame.block("resources.heap_bytes")).containsExactly(Double.NaN, 9_007_199_254_740_991.0);
        assertThat(frame.block("flags")).containsExactly(0, 8 + 16 + 64);
    }

    @Test
    void keepsTheLastSampleWhenItConflates() {
        Conflation conflation = new Conflation(MetricSet.DEFAULT);
        for (int i = 0; i < 5; i++) {
            Iteration.Builder iteration = Records.iteration(40 + i, 2, 0);
            if (i < 3) {
                iteration.setShattering(Shattering.newBuilder()
                        .setCorrelation(i)
                        .addLayerCorrelation(i)
                        .addLayerCorrelation(-i));
            }
            conflation.add(new IterationRecord(Records.RUN, 1, 0, 200 + i, 0, iteration.build()));
        }

        FrameReader frame = new FrameReader(conflation.drain(199, SENT));

        assertThat(frame.header.getInteger("iterationFrom")).isEqualTo(40);
        assertThat(frame.block("shattering.correlation")).containsExactly(2);
        assertThat(frame.block("shattering.correlation.min")).containsExactly(0);
        assertThat(frame.block("shattering.layer_correlation")).containsExactly(2, -2);
        assertThat(frame.block("flags")).containsExactly(32);
        assertThat(frame.blocks.keySet()).noneMatch(name -> name.startsWith("curvature."));
    }

    private static FrameHead head(long prev) {
        return new FrameHead(FrameHead.Source.LIVE, prev, 2, 1, SENT);
    }

    private static void matchesGolden(String name, Buffer frame) throws IOException {
        Path bytes = GOLDEN.resolve(name + ".bin");
        Path json = GOLDEN.resolve(name + ".json");
        JsonObject contents = new FrameReader(frame).json();
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(GOLDEN);
            Files.write(bytes, frame.getBytes());
            Files.writeString(json, contents.encodePrettily() + "\n");
        }
        assertThat(frame.getBytes()).as(name).isEqualTo(Files.readAllBytes(bytes));
        assertThat(contents).isEqualTo(new JsonObject(Files.readString(json)));
    }
}

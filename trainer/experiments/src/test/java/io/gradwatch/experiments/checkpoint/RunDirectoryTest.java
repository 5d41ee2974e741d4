package io.gradwatch.experiments.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Networks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class RunDirectoryTest {
    private static final ComputationGraph NETWORK = network(1);

    @TempDir
    Path root;

    private CheckpointStore store;
    private RunDirectory run;

    @BeforeEach
    void open() throws IOException {
        store = new CheckpointStore(root.resolve("checkpoints"));
        run = store.open("run-1");
    }

    @AfterEach
    void close() {
        run.close();
    }

    @Nested
    class Saving {
        @Test
        void bringsBackEveryBitOfStateAndArrays() throws IOException {
            ComputationGraph trained = network(1);
            trained.fit(
                    new INDArray[] {Nd4j.rand(4, 32, 32, 3)},
                    new INDArray[] {Nd4j.eye(100).getRows(1, 2, 3, 4)});
            INDArray best = network(9).params();
            RunState state = state(7, Double.NaN, Math.PI * 1e-300, Double.POSITIVE_INFINITY);
            String name = run.save(state, trained, best);

            ComputationGraph restored = network(2);
            try (Checkpoint checkpoint = run.load(name)) {
                checkpoint.restore(restored);

                assertThat(checkpoint.state()).isEqualTo(state);
                assertThat(checkpoint.bestParameters().orElseThrow().data().asFloat())
                        .isEqualTo(best.data().asFloat());
            }
            assertThat(floats(restored.params())).isEqualTo(floats(trained.params()));
            assertThat(floats(restored.getUpdater().getStateViewArray()))
                    .isEqualTo(floats(trained.getUpdater().getStateViewArray()))
                    .matches(moments -> anyNonZero(moments), "a step was made");
            assertThat(restored.getIterationCount()).isEqualTo(7);
            assertThat(restored.getEpochCount()).isEqualTo(2);
        }

        @Test
        void writesWhatDeeplearning4jLoads() throws IOException {
            String name = run.save(state(7, 1), NETWORK, null);

            ComputationGraph loaded = ModelSerializer.restoreComputationGraph(
                    run.folder().resolve(name).toFile(), true);

            INDArray image = Nd4j.rand(1, 32, 32, 3);
            assertThat(floats(loaded.outputSingle(image))).isEqualTo(floats(NETWORK.outputSingle(image)));
        }

        @Test
        void keepsTheNewestTwoAndTheBest() throws IOException {
            for (int iteration = 1; iteration <= 6; iteration++) {
                run.save(state(iteration, 1), NETWORK, null);
                run.retain(2, iteration < 2 ? null : 2L);
            }

            assertThat(run.checkpoints()).containsExactly("iteration-6.zip", "iteration-5.zip", "iteration-2.zip");
        }

        @Test
        void leavesTheOldFileWholeWhenItIsStoppedWhileWriting() throws IOException {
            String name = run.save(state(7, 1), NETWORK, null);
            Path file = run.folder().resolve(name);
            byte[] before = Files.readAllBytes(file);
            // a folder in the place of the unfinished file: nothing can be written there
            Path inTheWay = Files.createDirectory(file.resolveSibling(name + ".unfinished"));
            Files.createFile(inTheWay.resolve("x"));

            assertThatThrownBy(() -> run.save(state(7, 2), NETWORK, null)).isInstanceOf(IOException.class);

            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }

        @Test
        void ignoresAndDeletesWhatAKilledProcessLeftUnfinished() throws IOException {
            Path unfinished = Files.write(run.folder().resolve("iteration-9.zip.unfinished"), new byte[77]);
            assertThat(run.checkpoints()).isEmpty();
            run.close();

            run = store.open("run-1");

            assertThat(unfinished).doesNotExist();
        }
    }

    @Nested
    class Damage {
        private Path file;
        private byte[] good;

        @BeforeEach
        void save() throws IOException {
            run.save(state(5, 1), NETWORK, NETWORK.params());
            file = run.folder().resolve(run.save(state(7, 1), NETWORK, NETWORK.params()));
            good = Files.readAllBytes(file);
        }

        @Test
        void isFoundWhicheverByteIsAnother() throws IOException {
            Random random = new Random(1);
            // the first and the last bytes are the zip file's own, the check sum among them
            int[] places = Stream.of(
                            random.ints(20, 0, good.length).boxed(),
                            random.ints(10, 0, 100).boxed(),
                            random.ints(20, good.length - 300, good.length).boxed())
                    .flatMap(places1 -> places1)
                    .mapToInt(i -> i)
                    .toArray();
            for (int place : places) {
                byte[] bad = good.clone();
                bad[place] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bad);

                assertThat(problem()).as("byte %d", place).startsWith(file + " cannot be used: it ");
            }
        }

        @Test
        void isNamedForAFlippedByte() throws IOException {
            byte[] bad = good.clone();
            bad[good.length / 2]++;
            Files.write(file, bad);

            assertThat(problem()).contains("it is damaged: its SHA-256 is ").contains(", expected is ");
            assertThat(run.newestGood()).hasValue("iteration-5.zip");
        }

        @Test
        void isFoundWhereTheFileIsCutShort() throws IOException {
            for (int length : new int[] {good.length - 1, good.length / 2, 3000, 1}) {
                Files.write(file, Arrays.copyOf(good, length));

                assertThat(problem()).as("%d bytes", length).containsAnyOf("cut short", "SHA-256");
            }
            Files.write(file, new byte[0]);
            assertThat(problem()).endsWith("it is empty");
        }

        @Test
        void isToldFromAnotherFormatVersion() throws IOException {
            RunState newer = new RunState(
                    2,
                    "run-1",
                    "n",
                    List.of(),
                    Map.of(),
                    DATA,
                    2,
                    7,
                    0,
                    7,
                    new RunState.Sums(1, 1, 1),
                    List.of(),
                    null,
                    null);
            run.save(newer, NETWORK, null);

            assertThat(problem()).endsWith("its format version is 2, this Gradwatch reads 1");
        }

        @Test
        void isToldFromANetworkOfAnotherSize() throws IOException {
            ComputationGraph wider = Networks.build(NetworkSpec.plain(0).withFilters(3), new Adam(0.001), 0, 1);
            float[] before = floats(wider.params());
            try (Checkpoint checkpoint = run.load("iteration-7.zip")) {
                assertThatThrownBy(() -> checkpoint.restore(wider)).hasMessageContaining("the run's network has");
            }
            assertThat(floats(wider.params())).isEqualTo(before);
        }

        private String problem() {
            DamagedCheckpointException e = catchThrowableOfType(
                    DamagedCheckpointException.class,
                    () -> run.load(file.getFileName().toString()).close());
            assertThat(e).as("refused").isNotNull();
            return String.valueOf(e.getMessage());
        }
    }

    @Nested
    class Runs {
        @Test
        void belongToOneUserAtATime() throws IOException {
            assertThatThrownBy(() -> store.open("run-1"))
                    .isInstanceOf(RunInUseException.class)
                    .hasMessage("run run-1 is being trained by process "
                            + ProcessHandle.current().pid() + ": wait for its end, or stop it first");
            store.open("run-2").close();

            run.close();
            run = store.open("run-1");
        }

        @Test
        void areListedTheLatestFirstWithWhatCannotBeReadLeftOut() throws IOException {
            run.write(manifest("run-1", "2026-11-23T10:00:00.500Z"));
            run.save(state(7, 1), NETWORK, null);
            try (RunDirectory other = store.open("run-2")) {
                other.write(manifest("run-2", "2026-11-23T10:00:00Z"));
            }
            try (RunDirectory broken = store.open("run-3")) {
                Files.writeString(broken.folder().resolve("run.json"), "{");
            }

            assertThat(store.runs())
                    .extracting(
                            stored -> stored.manifest().runId() + " " + stored.iteration() + " " + stored.resumable())
                    .containsExactly("run-1 7 true", "run-2 0 false");
        }

        @Test
        void bringTheirManifestBack() throws IOException {
            RunManifest manifest = manifest("run-1", "2026-11-23T10:00:00Z")
                    .ended(new RunManifest.End(
                            "3 epochs done", new EpochFigures(1, 41, 1.0 / 3, 0.1, 2.5, 0.25), Double.NaN, null));
            run.write(manifest);

            assertThat(run.manifest()).hasValue(manifest);
        }

        private RunManifest manifest(String id, String start) {
            return new RunManifest(1, id, "n", List.of("t"), Map.of("lr", "0.1"), Map.of(), DATA, 1, start, null);
        }
    }

    private static final DataFingerprint DATA = new DataFingerprint("synthetic", "abc", 90, 40, 30);

    private static RunState state(long iteration, double... losses) {
        List<EpochFigures> epochs = Arrays.stream(losses)
                .mapToObj(loss -> new EpochFigures(0, 3, loss, 0.5, loss, null))
                .toList();
        @Nullable Integer best = losses.length > 1 ? 0 : null;
        return new RunState(
                1,
                "run-1",
                "a name",
                List.of("tag"),
                Map.of("lr", "0.1"),
                DATA,
                2,
                iteration,
                2,
                1,
                new RunState.Sums(20, 0.1 + losses[0], 3),
                epochs,
                best,
                null);
    }

    private static ComputationGraph network(long seed) {
        return Networks.build(NetworkSpec.plain(0).withFilters(2), new Adam(0.001), 0, seed);
    }

    private static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    private static boolean anyNonZero(float[] values) {
        for (float value : values) {
            if (value != 0) {
                return true;
            }
        }
        return false;
    }
}

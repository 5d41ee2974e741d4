package io.gradwatch.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.contract.v1.Summary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireFormatTest {
    private static final UnknownFieldSet.Field FUTURE = UnknownFieldSet.Field.newBuilder()
            .addLengthDelimited(ByteString.copyFromUtf8("from the future"))
            .build();

    @Test
    void theKeyIsTheRunIdInUtf8() {
        assertThat(WireFormat.key("run-1")).isEqualTo("run-1".getBytes(StandardCharsets.UTF_8));
    }

    @Nested
    class ARecordFromANewerProducer {
        @Test
        void keepsFieldsThatThisVersionDoesNotKnow() {
            Envelope newer = envelope()
                    .setSchemaVersion(7)
                    .setUnknownFields(
                            UnknownFieldSet.newBuilder().addField(200, FUTURE).build())
                    .setIteration(Iteration.newBuilder()
                            .setIteration(5)
                            .setUnknownFields(UnknownFieldSet.newBuilder()
                                    .addField(201, FUTURE)
                                    .build()))
                    .build();
            Decoded decoded = WireFormat.decode(newer.toByteArray());
            assertThat(decoded).isEqualTo(new Decoded.Known(newer));
            assertThat(WireFormat.encode(((Decoded.Known) decoded).envelope())).isEqualTo(newer.toByteArray());
        }

        @Test
        void isUnknownWhenItsBodyIs() {
            Envelope newer = envelope()
                    .setSchemaVersion(7)
                    .setUnknownFields(
                            UnknownFieldSet.newBuilder().addField(99, FUTURE).build())
                    .build();
            assertThat(WireFormat.decode(newer.toByteArray())).isEqualTo(new Decoded.Unknown(7, "run-1"));
        }

        @Test
        void keepsAnEnumValueThatThisVersionDoesNotKnow() {
            Envelope newer = envelope()
                    .setRunEnded(RunEnded.newBuilder().setOutcomeValue(42))
                    .build();
            Decoded decoded = WireFormat.decode(newer.toByteArray());
            assertThat(decoded).isInstanceOf(Decoded.Known.class);
            RunEnded ended = ((Decoded.Known) decoded).envelope().getRunEnded();
            assertThat(ended.getOutcome()).isEqualTo(RunEnded.Outcome.UNRECOGNIZED);
            assertThat(ended.getOutcomeValue()).isEqualTo(42);
        }
    }

    @Nested
    class AMalformedRecord {
        @Test
        void hasNoValue() {
            assertThat(reason((byte[]) null)).isEqualTo("the record has no value");
        }

        @Test
        void isNoProtobuf() {
            assertThat(reason("{\"run_id\": 1}".getBytes(StandardCharsets.UTF_8)))
                    .startsWith("not a Protobuf Envelope");
            byte[] whole = iteration(Iteration.newBuilder().setIteration(1_000))
                    .build()
                    .toByteArray();
            for (int length = 1; length < whole.length; length++) {
                byte[] cut = java.util.Arrays.copyOf(whole, length);
                // cut between two fields it may be a shorter record, but never one with a body
                assertThat(WireFormat.decode(cut)).as("first %d bytes", length).isNotInstanceOf(Decoded.Known.class);
            }
        }

        @Test
        void isLargerThanAnyRecordNeedsToBe() {
            assertThat(WireFormat.decode(new byte[WireFormat.MOST_BYTES + 1]))
                    .isEqualTo(new Decoded.Malformed("the record has 4194305 bytes; accepted are at most 4194304"));
        }

        @Test
        void isEmpty() {
            assertThat(reason(new byte[0])).contains("schema_version");
        }

        @Test
        void namesTheVersionThatIsMissing() {
            assertThat(reason(envelope().setSchemaVersion(0).setIteration(Iteration.getDefaultInstance())))
                    .isEqualTo("schema_version is missing; this version writes 1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "-a", ".a", "_a", "a b", "a/b", "ü", "a\n"})
        void namesTheRunIdThatIsWrong(String id) {
            assertThat(reason(envelope().setRunId(id).setIteration(Iteration.getDefaultInstance())))
                    .contains("run_id")
                    .contains(RunIds.FORM);
        }

        @Test
        void shortensALongRunId() {
            assertThat(reason(envelope().setRunId("x".repeat(5_000)))).hasSizeLessThan(400);
        }

        @Test
        void namesTheAttemptThatIsWrong() {
            assertThat(reason(envelope().setAttempt(0))).startsWith("attempt is 0");
            assertThat(reason(envelope().setAttempt(-1))).startsWith("attempt is 4294967295");
        }

        @Test
        void namesTheArraysThatAreNotEqual() {
            assertThat(reason(iteration(Iteration.newBuilder()
                            .setLayers(LayerStatistics.newBuilder()
                                    .addMeanAbs(1)
                                    .addMeanAbs(2)
                                    .addL2(1)))))
                    .isEqualTo("iteration.layers: arrays of 2 and of 1 elements; accepted are arrays of equal length,"
                            + " or empty ones");
            assertThat(reason(iteration(Iteration.newBuilder()
                            .setLayers(LayerStatistics.newBuilder()
                                    .addMeanAbs(1)
                                    .addNanCount(1)
                                    .addNanCount(2)))))
                    .startsWith("iteration.layers");
            assertThat(reason(iteration(Iteration.newBuilder()
                            .setBatchNorms(BatchNormStatistics.newBuilder()
                                    .setGamma(Summary.newBuilder().addMean(1))
                                    .addDrift(1)
                                    .addDrift(2)))))
                    .startsWith("iteration.batch_norms");
        }

        @Test
        void namesTheIterationBeyondTheRange() {
            assertThat(reason(iteration(Iteration.newBuilder().setIteration(-1))))
                    .startsWith("iteration.iteration is 18446744073709551615");
        }

        @Test
        void namesTheLayerOutOfItsPlace() {
            RunStarted wrong = RunStarted.newBuilder()
                    .addLayers(Layer.newBuilder().setIndex(0))
                    .addLayers(Layer.newBuilder().setIndex(2))
                    .build();
            String expected = "run_started.layers[1].index is 2; accepted is its position";
            assertThat(reason(envelope().setRunStarted(wrong))).isEqualTo(expected);
            // an end repeats the start
            assertThat(reason(envelope().setRunEnded(RunEnded.newBuilder().setStarted(wrong))))
                    .isEqualTo(expected);
        }

        @Test
        void namesTheBatchNormOfALayerThatIsNotThere() {
            assertThat(reason(envelope()
                            .setRunStarted(RunStarted.newBuilder()
                                    .addLayers(Layer.newBuilder())
                                    .addBatchNorms(BatchNorm.newBuilder().setLayer(1)))))
                    .startsWith("run_started.batch_norms[0].layer is 1");
        }
    }

    @Nested
    class AnyBytes {
        /** Fixed: a failure repeats. The message of a failure shows the round. */
        private static final long SEED = 20_270_115;

        @Test
        void neverThrowWhenRandom() {
            Random random = new Random(SEED);
            for (int round = 0; round < 50_000; round++) {
                byte[] bytes = new byte[random.nextInt(64)];
                random.nextBytes(bytes);
                assertThat(WireFormat.decode(bytes)).as("round %d", round).isNotNull();
            }
        }

        @Test
        void neverThrowWhenAValidRecordIsDamaged() {
            Random random = new Random(SEED);
            List<byte[]> records = new ArrayList<>();
            GoldenRecords.all().values().forEach(record -> records.add(WireFormat.encode(record)));
            int[] outcomes = new int[3];
            for (int round = 0; round < 50_000; round++) {
                byte[] bytes = damaged(records.get(random.nextInt(records.size())), random);
                Decoded decoded = WireFormat.decode(bytes);
                if (decoded instanceof Decoded.Known known) {
                    outcomes[0]++;
                    // whatever is let in keeps the rules, and can be written again and read again
                    assertThat(RunIds.isValid(known.envelope().getRunId())).isTrue();
                    assertThat(WireFormat.decode(WireFormat.encode(known.envelope())))
                            .isEqualTo(known);
                } else if (decoded instanceof Decoded.Unknown) {
                    outcomes[1]++;
                } else if (decoded instanceof Decoded.Malformed malformed) {
                    outcomes[2]++;
                    assertThat(malformed.reason()).isNotBlank().hasSizeLessThan(1_000);
                }
            }
            // the damage reached all three ways out
            assertThat(outcomes).doesNotContain(0);
        }

        private static byte[] damaged(byte[] record, Random random) {
            byte[] bytes = record.clone();
            int kind = random.nextInt(4);
            if (kind == 0) { // some bits flipped
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                return bytes;
            }
            if (kind == 1) { // cut off
                return java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            if (kind == 2) { // one byte replaced at the front, where the structure is
                bytes[random.nextInt(Math.min(60, bytes.length))] = (byte) random.nextInt(256);
                return bytes;
            }
            byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8)); // a tail
            for (int i = bytes.length; i < longer.length; i++) {
                longer[i] = (byte) random.nextInt(256);
            }
            return longer;
        }
    }

    private static Envelope.Builder envelope() {
        return Envelope.newBuilder().setSchemaVersion(1).setRunId("run-1").setAttempt(1);
    }

    private static Envelope.Builder iteration(Iteration.Builder iteration) {
        return envelope().setIteration(iteration);
    }

    private static String reason(Envelope.Builder envelope) {
        return reason(envelope.build().toByteArray());
    }

    private static String reason(byte @Nullable [] value) {
        Decoded decoded = WireFormat.decode(value);
        assertThat(decoded).isInstanceOf(Decoded.Malformed.class);
        return ((Decoded.Malformed) decoded).reason();
    }

    @Test
    void namesHistogramsThatReachBeyondTheLastBin() {
        Envelope envelope = Envelope.newBuilder()
                .setSchemaVersion(1)
                .setRunId("r1")
                .setAttempt(1)
                .setHistograms(Histograms.newBuilder()
                        .addGradients(Histogram.newBuilder().setFirstBin(63).addCounts(1))
                        .addGradients(Histogram.newBuilder()
                                .setFirstBin(63)
                                .addCounts(1)
                                .addCounts(2)))
                .build();
        assertThat(WireFormat.decode(WireFormat.encode(envelope)))
                .isEqualTo(
                        new Decoded.Malformed("histograms.gradients[1]: first_bin 63 and 2 counts; there are 64 bins"));
    }

    @Test
    void namesSampledArraysThatAreNotAsLongAsTheRunsLayers() {
        RunStarted run = RunStarted.newBuilder()
                .addLayers(Layer.newBuilder().setIndex(0))
                .build();
        Iteration activations = Iteration.newBuilder()
                .setActivations(ActivationStatistics.newBuilder().addMean(1).addMean(2))
                .build();
        Iteration shattering = Iteration.newBuilder()
                .setShattering(Shattering.newBuilder().addLayerCorrelation(1).addLayerCorrelation(0))
                .build();
        Histograms histograms = Histograms.newBuilder()
                .addParameters(Histogram.newBuilder())
                .addParameters(Histogram.newBuilder())
                .build();
        assertThat(WireFormat.problemOf(run, activations)).get().asString().startsWith("iteration.activations: ");
        assertThat(WireFormat.problemOf(run, shattering)).get().asString().startsWith("iteration.shattering: ");
        assertThat(WireFormat.problemOf(run, histograms)).get().asString().startsWith("histograms: ");
        assertThat(WireFormat.problemOf(RunStarted.getDefaultInstance(), histograms))
                .isEmpty();
    }
}

package io.gradwatch.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.listener.publish.FakeSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** What is reduced by ND4J's operations, as on a GPU, against what is summed up on the heap; here both run on the CPU. */
class DeviceReductionTest {
    private static final String PROPERTY = "gradwatch.statistics.on";

    static Stream<Arguments> kinds() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(type -> Stream.of(true, false).map(logStd -> Arguments.of(type, logStd)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void givesTheSameOnAGraph(DataType type, boolean logStd) {
        List<DataSet> batches = batches(type, 2, 6, 6);

        assertSame(() -> Models.residual(type, logStd), batches, gradient -> {});
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void givesTheSameOnASequentialNetwork(DataType type, boolean logStd) {
        List<DataSet> batches = batches(type, 2, 6, 6);

        assertSame(() -> Models.sequential(type, logStd), batches, gradient -> {});
    }

    @Test
    void givesTheSameOfWhatIsNotFinite() {
        // the first layer's 24 weights come first, then its 6 biases, then the output's 30 weights
        List<Iteration> records = assertSame(Models::dense, batches(DataType.FLOAT, 4), gradient -> {
            gradient.putScalar(0, Float.NaN);
            gradient.putScalar(1, Float.NaN);
            gradient.putScalar(2, Float.NEGATIVE_INFINITY);
            gradient.putScalar(3, 0);
            gradient.putScalar(24, Float.NaN); // a bias: does not count
        });

        assertThat(records.get(0).getLayers().getNanCountList()).containsExactly(2, 0);
        assertThat(records.get(0).getLayers().getInfCountList()).containsExactly(1, 0);
        assertThat(records.get(0).getLayers().getZeroFraction(0)).isEqualTo(1f / 21);
        // the weights are NaN from then on, and so is every score
        assertThat(records.get(1).getAccuracy()).isZero();
    }

    @Test
    void givesTheSameWhereNothingIsFinite() {
        List<Iteration> records = assertSame(Models::dense, batches(DataType.FLOAT, 4), gradient -> {
            for (int i = 0; i < 24; i++) {
                gradient.putScalar(i, i % 2 == 0 ? Float.NaN : Float.POSITIVE_INFINITY);
            }
        });

        assertThat(records.get(0).getLayers().getMeanAbs(0)).isNaN();
        assertThat(records.get(0).getLayers().getMaxAbs(0)).isNaN();
    }

    @Test
    void givesTheSameOfZeros() {
        List<Iteration> records = assertSame(Models::dense, batches(DataType.FLOAT, 4), gradient -> {
            gradient.muli(0);
            gradient.putScalar(5, -0.0f);
            gradient.putScalar(40, 1);
        });

        assertThat(records.get(0).getLayers().getZeroFraction(0)).isEqualTo(1);
        assertThat(records.get(0).getLayers().getZeroFraction(1)).isEqualTo(29f / 30);
    }

    @Test
    void givesTheSameOfVanishingGradients() {
        // 1e-30 squared is nothing in single precision; 1e-42 is not even a normal number
        for (double size : new double[] {1e-19, 1e-30, 1e-42, 1e30}) {
            List<Iteration> records = assertSame(Models::dense, batches(DataType.FLOAT, 4), gradient -> {
                for (int i = 0; i < gradient.length(); i++) {
                    gradient.putScalar(i, (float) (size * (1 + i)));
                }
            });

            assertThat(records.get(0).getLayers().getL2(0)).as("%s", size).isPositive();
            assertThat(records.get(0).getLayers().getZeroFraction(0)).isZero();
        }
    }

    @Test
    void refusesAnUnknownPlace() {
        System.setProperty(PROPERTY, "gpu");
        try {
            assertThatThrownBy(() -> train(Models.dense(), List.of(), gradient -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("gradwatch.statistics.on \"gpu\": accepted are host and device");
        } finally {
            System.clearProperty(PROPERTY);
        }
    }

    private static List<DataSet> batches(DataType type, int... shape) {
        List<DataSet> batches = new ArrayList<>();
        for (int size : new int[] {8, 8, 3}) {
            batches.add(Models.data(type, size, batches.size(), shape));
        }
        return batches;
    }

    /** Trains the same network twice; returns the records of the second time, with everything on the device. */
    private static List<Iteration> assertSame(
            Supplier<Model> network, List<DataSet> batches, Consumer<INDArray> change) {
        List<Iteration> host = train(network.get(), batches, change);
        System.setProperty(PROPERTY, "device");
        List<Iteration> device;
        try {
            device = train(network.get(), batches, change);
        } finally {
            System.clearProperty(PROPERTY);
        }
        assertThat(device).hasSameSizeAs(host).hasSameSizeAs(batches);
        for (int i = 0; i < host.size(); i++) {
            assertClose(
                    "iteration " + i, withoutTimesAndResources(device.get(i)), withoutTimesAndResources(host.get(i)));
        }
        return device;
    }

    private static Iteration withoutTimesAndResources(Iteration record) {
        return record.toBuilder()
                .clearIterationMs()
                .clearTelemetryMs()
                .clearResources()
                .build();
    }

    private static List<Iteration> train(Model model, List<DataSet> batches, Consumer<INDArray> change) {
        FakeSink sink = new FakeSink();
        GradientTelemetry telemetry =
                GradientTelemetry.to("unused:1").start(model, started -> sink.publisher(started, 99));
        model.setListeners(
                new BaseTrainingListener() {
                    @Override
                    public void onGradientCalculation(Model trained) {
                        change.accept(
                                trained instanceof ComputationGraph graph
                                        ? graph.getFlattenedGradients()
                                        : ((MultiLayerNetwork) trained).getFlattenedGradients());
                    }
                },
                telemetry);
        for (DataSet batch : batches) {
            if (model instanceof ComputationGraph graph) {
                graph.fit(batch);
            } else {
                ((MultiLayerNetwork) model).fit(batch);
            }
        }
        telemetry.close();
        assertThat(telemetry.failures()).isZero();
        return sink.log().stream()
                .filter(Envelope::hasIteration)
                .map(Envelope::getIteration)
                .toList();
    }

    /** Every field of the one is in the other, to 1e-6 of its size. */
    private static void assertClose(String where, Message actual, Message expected) {
        assertThat(actual.getAllFields().keySet())
                .as(where)
                .isEqualTo(expected.getAllFields().keySet());
        for (FieldDescriptor field : expected.getAllFields().keySet()) {
            String name = where + ", " + field.getName();
            Object a = actual.getField(field);
            Object e = expected.getField(field);
            if (e instanceof Message) {
                assertClose(name, (Message) a, (Message) e);
            } else if (e instanceof List<?> all) {
                assertThat((List<?>) a).as(name).hasSameSizeAs(all);
                for (int i = 0; i < all.size(); i++) {
                    assertClose(name + " " + i, (Number) ((List<?>) a).get(i), (Number) all.get(i));
                }
            } else {
                assertClose(name, (Number) a, (Number) e);
            }
        }
    }

    private static void assertClose(String name, Number actual, Number expected) {
        double a = actual.doubleValue();
        double e = expected.doubleValue();
        if (Double.compare(a, e) != 0) {
            assertThat(Math.abs(a - e)).as("%s: %s, expected %s", name, a, e).isLessThanOrEqualTo(1e-6 * Math.abs(e));
        }
    }
}

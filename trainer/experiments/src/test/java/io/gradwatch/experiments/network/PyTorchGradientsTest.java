package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.experiments.layers.NativeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Gradients of every preset's network against PyTorch's in double precision: same weights, same batch. PyTorch's are
 * stored, so it is not needed here; {@code gradient_reference.py --check} computes them again. Leaves the errors in
 * {@code target/gradient-errors.csv}.
 */
class PyTorchGradientsTest {
    /** Relative to the norm of the gradient of all parameters, in single precision. */
    private static final double TOLERANCE = 1e-5;

    /**
     * Likewise, of each parameter by itself. Where large terms cancel, PyTorch's own float32 is 4e-5 away from its
     * float64.
     */
    private static final double EACH = 1e-4;

    /** Likewise, of each parameter in double precision, where rounding is all that may differ. */
    private static final double EXACT = 1e-10;

    /** ND4J hands the leaky ReLU's slope on as a float, 2e-8 away from 0.01: it moves the gradients by 1e-8 at most. */
    private static final double EXACT_BUT_FOR_THE_SLOPE = 1e-7;

    /** How much further from the truth than PyTorch's own float32 a gradient may be where rounding decides. */
    private static final double OF_PYTORCHS_ERROR = 5;

    private static final Path FIGURES = Path.of("target", "gradient-errors.csv");
    private static final List<String> FIGURE_LINES = new ArrayList<>();

    @BeforeAll
    static void fixThreads() {
        NativeBackend.start(2);
    }

    @AfterAll
    static void writeFigures() throws IOException {
        FIGURE_LINES.sort(null);
        FIGURE_LINES.add(0, "reference,layers,type,all parameters,worst,parameter,PyTorch float32 all,there");
        Files.write(FIGURES, FIGURE_LINES);
    }

    /** Names of presets, one for each network: runs that differ in hyper-parameters share its reference. */
    static Stream<String> networks() {
        Set<NetworkSpec> seen = new HashSet<>();
        return Preset.all().stream().filter(preset -> seen.add(preset.spec())).map(Preset::name);
    }

    static Stream<String> normalisedNetworks() {
        return networks().filter(name -> Preset.named(name).spec().normalisation() != Normalisation.NONE);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void stockLayersInDouble(String network) {
        compare(network, reference(network), LayerKind.STOCK, DataType.DOUBLE).expectExact();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void fastLayersInDouble(String network) {
        compare(network, reference(network), LayerKind.FAST, DataType.DOUBLE).expectExact();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void fastLayersInFloat(String network) {
        compareInFloat(network, reference(network));
    }

    @ParameterizedTest
    @MethodSource("normalisedNetworks")
    void stockLayersInDoubleAtTheStart(String network) {
        compare(network, reference(network + "-start"), LayerKind.STOCK, DataType.DOUBLE)
                .expectExact();
    }

    @ParameterizedTest
    @MethodSource("normalisedNetworks")
    void fastLayersInFloatAtTheStart(String network) {
        compareInFloat(network, reference(network + "-start"));
    }

    /**
     * Where float32 cannot meet the tolerance, PyTorch's no more than this, {@link FastGradientsTest} shows that nothing
     * but rounding is to blame: at the same activations the tolerance is met.
     */
    private static void compareInFloat(String network, ReferenceGradients reference) {
        Comparison comparison = compare(network, reference, LayerKind.FAST, DataType.FLOAT);
        if (reference.floatCanComputeIt()) {
            comparison.expectTogetherBelow(TOLERANCE);
            comparison.expectEachBelow(EACH);
        } else {
            comparison.expectTogetherBelow(OF_PYTORCHS_ERROR * reference.floatError());
        }
    }

    private static ReferenceGradients reference(String file) {
        return ReferenceGradients.find(file)
                .orElseGet(() -> fail(
                        "no reference gradients %s.csv: describe the network in networks.py, then run"
                                + " python3 %s --write --search 40 %s",
                        file, ReferenceGradients.SCRIPT, file.replaceAll("-start$", "")));
    }

    private static Comparison compare(String preset, ReferenceGradients reference, LayerKind layers, DataType type) {
        NetworkSpec spec = Preset.named(preset).spec().withLayers(layers).withDataType(type);
        ComputationGraph network = Networks.build(spec, new Adam(0.001), 0, 1);
        reference.setParameters(network);
        double exact = spec.activation() == Activation.LEAKY_RELU ? EXACT_BUT_FOR_THE_SLOPE : EXACT;
        Comparison comparison = Comparison.of(reference, network, exact);
        FIGURE_LINES.add(comparison.figures(layers, type));
        double tolerance = type == DataType.DOUBLE ? exact : reference.floatCanComputeIt() ? TOLERANCE : 1e-3;
        assertThat(network.score()).isCloseTo(reference.loss(), within(tolerance * reference.loss()));
        return comparison;
    }

    /** Distance of a parameter's gradient from the reference, relative to its norm. */
    private record Deviation(String parameter, double error, double norm) {
        double relative() {
            return error / norm;
        }
    }

    /** @param exact how near double precision must come */
    private record Comparison(ReferenceGradients reference, double exact, List<Deviation> deviations) {
        static Comparison of(ReferenceGradients reference, ComputationGraph network, double exact) {
            DataType type = network.getConfiguration().getDataType();
            Gradients gradients =
                    Gradients.of(network, reference.batch().as(type)).dividedByBatch(reference.batchSize());
            List<String> trained = new ArrayList<>(gradients.parameters());
            trained.removeIf(parameter -> parameter.endsWith("_mean") || parameter.endsWith("_var"));
            assertThat(trained)
                    .containsExactlyInAnyOrderElementsOf(reference.rows().keySet());

            List<Deviation> deviations = new ArrayList<>();
            for (String parameter : trained) {
                ReferenceGradients.Row row = reference.row(parameter);
                assertThat(network.getParam(parameter).length()).isEqualTo(row.length());
                if (row.norm() > 0) { // not a bias before batch normalisation: rounding is all that it has
                    double error = reference.distance(parameter, gradients.get(parameter));
                    deviations.add(new Deviation(parameter, error, row.norm()));
                }
            }
            return new Comparison(reference, exact, deviations);
        }

        private double together() {
            double errors = 0;
            double norms = 0;
            for (Deviation deviation : deviations) {
                errors += deviation.error() * deviation.error();
                norms += deviation.norm() * deviation.norm();
            }
            return Math.sqrt(errors / norms);
        }

        void expectTogetherBelow(double tolerance) {
            assertThat(together()).isLessThan(tolerance);
        }

        void expectExact() {
            expectEachBelow(exact);
        }

        void expectEachBelow(double tolerance) {
            assertThat(deviations)
                    .isNotEmpty()
                    .allSatisfy(deviation -> assertThat(deviation.relative()).isLessThan(tolerance));
        }

        String figures(LayerKind layers, DataType type) {
            Deviation worst = deviations.stream()
                    .reduce((a, b) -> b.relative() > a.relative() ? b : a)
                    .orElseThrow();
            return String.format(
                    Locale.ROOT,
                    "%s,%s,%s,%.1e,%.1e,%s,%.1e,%.1e",
                    reference.name(),
                    layers,
                    type,
                    together(),
                    worst.relative(),
                    worst.parameter(),
                    reference.floatError(),
                    reference.row(worst.parameter()).floatError());
        }
    }
}

package io.gradwatch.experiments.network;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradients of one network in PyTorch in double precision: a file of {@code resources/gradients}. {@code
 * gradient_reference.py} makes the files and says what is in them; weights and batch are drawn again here.
 *
 * @param name of the file, "vgg38-bn-start"
 * @param facts what stands above the table, by its first word
 * @param rows by parameter
 */
record ReferenceGradients(String name, Map<String, List<String>> facts, Map<String, Row> rows) {
    /** From the root of the repository. */
    static final String SCRIPT = "trainer/experiments/src/test/python/gradient_reference.py";

    private static final int PROJECTIONS = 4;
    private static final int ELEMENTS = 6;
    private static final int PIXELS = NetworkSpec.IMAGE_SIZE * NetworkSpec.IMAGE_SIZE;

    /**
     * What is known of one parameter's gradient, that of the batch's mean loss.
     *
     * @param shape as in Deeplearning4j, "32x3x3x3"
     * @param floatError of PyTorch's float32, relative to the norm; NaN where the gradient is zero
     * @param norm Euclidean
     * @param projections products with vectors of signs
     * @param elements some of them
     */
    record Row(String shape, double floatError, double norm, List<Double> projections, List<Double> elements) {
        long length() {
            return Stream.of(shape.split("x")).mapToLong(Long::parseLong).reduce(1, Math::multiplyExact);
        }
    }

    /** The file {@code gradients/name.csv}; empty if there is none. */
    static Optional<ReferenceGradients> find(String name) {
        try (InputStream file = ReferenceGradients.class.getResourceAsStream("/gradients/" + name + ".csv")) {
            return file == null
                    ? Optional.empty()
                    : Optional.of(parse(name, new String(file.readAllBytes(), StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ReferenceGradients parse(String name, String text) {
        Map<String, List<String>> facts = new LinkedHashMap<>();
        Map<String, Row> rows = new LinkedHashMap<>();
        boolean table = false;
        for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
            List<String> cells = List.of(line.split(","));
            if (table) {
                List<Double> numbers =
                        cells.stream().skip(2).map(ReferenceGradients::number).toList();
                rows.put(
                        cells.get(0),
                        new Row(
                                cells.get(1),
                                numbers.get(0),
                                numbers.get(1),
                                numbers.subList(2, 2 + PROJECTIONS),
                                numbers.subList(2 + PROJECTIONS, numbers.size())));
            } else if (cells.get(0).equals("parameter")) {
                table = true;
            } else {
                facts.put(cells.get(0), cells.subList(1, cells.size()));
            }
        }
        return new ReferenceGradients(name, facts, rows);
    }

    /** Mean loss of the batch as Deeplearning4j reports it: with no image's loss above 23. */
    double loss() {
        return fact("clipped loss", 0);
    }

    /** False if no seed keeps the pre-activations away from the leaky ReLU's kink by more than float's rounding. */
    boolean floatCanComputeIt() {
        return fact("kink margin", 0) >= 1;
    }

    /** Distance of PyTorch's own gradients in float32 from these, of all parameters together, relative. */
    double floatError() {
        return fact("float32 error", 0);
    }

    /** Gives every trained parameter of a network its value at the reference's point. */
    void setParameters(ComputationGraph network) {
        rows.keySet().forEach(parameter -> {
            INDArray target = network.getParam(parameter);
            int length = Math.toIntExact(target.length());
            KeyedRandom random = random(parameter);
            double[] values;
            if (parameter.endsWith("_gamma")) {
                values = random.uniform(length, fact("gamma", 0), fact("gamma", 1));
            } else if (parameter.endsWith("_beta")) {
                values = random.uniform(length, fact("beta", 0), fact("beta", 1));
            } else {
                double bound = 1 / Math.sqrt(fanIn(network.getParam(parameter.replaceAll("_b$", "_W"))));
                values = random.uniform(length, -bound, bound);
            }
            target.assign(
                    Nd4j.createFromArray(values).reshape('c', target.shape()).castTo(target.dataType()));
        });
    }

    /** Images in the batch. */
    int batchSize() {
        return (int) fact("batch", 0);
    }

    /** The reference's images and labels, in float. */
    SyntheticBatch batch() {
        int size = batchSize();
        int classes = (int) row("head.dense_b").length();
        double[] pixels = random("images").uniform(size * PIXELS * NetworkSpec.IMAGE_CHANNELS, -2, 2);
        float[] oneHot = new float[size * classes];
        KeyedRandom labels = random("labels");
        for (int image = 0; image < size; image++) {
            oneHot[image * classes + labels.integer(classes)] = 1;
        }
        float[] narrow = new float[pixels.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) pixels[i];
        }
        return new SyntheticBatch(
                Nd4j.createFromArray(narrow)
                        .reshape('c', size, NetworkSpec.IMAGE_SIZE, NetworkSpec.IMAGE_SIZE, NetworkSpec.IMAGE_CHANNELS),
                Nd4j.createFromArray(oneHot).reshape('c', size, classes));
    }

    /**
     * Estimate of the distance of a gradient from the reference, not relative: the largest of what the norm, the
     * projections (whose mean square is that of the distance, whichever elements differ) and the elements say.
     *
     * @param gradient of the batch's mean loss, in C order
     */
    double distance(String parameter, double[] gradient) {
        Row row = row(parameter);
        double squares = 0;
        for (int i = 0; i < PROJECTIONS; i++) {
            KeyedRandom signs = new KeyedRandom("signs " + (i + 1) + "/" + parameter);
            double projection = 0;
            for (double element : gradient) {
                projection += signs.sign() * element;
            }
            squares += Math.pow(projection - row.projections().get(i), 2);
        }
        double worst = Math.max(Math.abs(Gradients.norm(gradient) - row.norm()), Math.sqrt(squares / PROJECTIONS));
        int[] positions = positions(parameter, gradient.length);
        for (int i = 0; i < positions.length; i++) {
            worst = Math.max(
                    worst, Math.abs(gradient[positions[i]] - row.elements().get(i)));
        }
        return worst;
    }

    Row row(String parameter) {
        return requireNonNull(rows.get(parameter), parameter);
    }

    private static int[] positions(String parameter, int length) {
        int[] positions = new int[Math.min(length, ELEMENTS)];
        KeyedRandom random = new KeyedRandom("elements/" + parameter);
        Arrays.setAll(positions, i -> length <= ELEMENTS ? i : random.integer(length));
        return positions;
    }

    /** Inputs of one output: of a convolution inputs × height × width, of the dense layer its inputs. */
    private static double fanIn(INDArray weights) {
        return weights.rank() == 2 ? weights.size(0) : (double) weights.length() / weights.size(0);
    }

    private KeyedRandom random(String stream) {
        return new KeyedRandom(requireNonNull(facts.get("seed")).get(0) + "/" + stream);
    }

    private double fact(String name, int position) {
        return number(requireNonNull(facts.get(name), name).get(position));
    }

    private static double number(String text) {
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}

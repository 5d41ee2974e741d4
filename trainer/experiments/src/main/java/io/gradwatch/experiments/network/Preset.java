package io.gradwatch.experiments.network;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A named network with the hyper-parameters of its first row in the paper's Table 1.
 *
 * @param name as on the command line, "vgg38-bn-resnet"
 * @param batchSize images per step
 * @param learningRate of Adam
 * @param weightDecay L2, added to the gradient; 0 for none
 * @param paperTestPercent test accuracy in the paper's Table 1, empty where the table has no such row
 * @param paperTrainPercent train accuracy in the paper's Table 1, empty likewise
 */
public record Preset(
        String name,
        NetworkSpec spec,
        int batchSize,
        double learningRate,
        double weightDecay,
        OptionalDouble paperTestPercent,
        OptionalDouble paperTrainPercent) {

    private static final List<Preset> ALL = List.of(
            inPaper("vgg08", 100, 49.95, 55.24),
            inPaper("vgg08-bn", 100, 53.89, 59.65),
            notInPaper("vgg08-resnet"),
            inPaper("vgg08-bn-resnet", 100, 54.45, 60.74),
            notInPaper("vgg08-sigmoid-bn"),
            inPaper("vgg38", 100, 1, 1),
            inPaper("vgg38-bn", 100, 46.78, 54.20),
            inPaper("vgg38-resnet", 100, 44.77, 52.20),
            inPaper("vgg38-bn-resnet", 512, 58.84, 78.65),
            inPaper("vgg38-sigmoid-bn", 512, 26.88, 28.29));

    /** All presets, the shallow ones first. */
    public static List<Preset> all() {
        return ALL;
    }

    /**
     * The preset of that name; case does not matter.
     *
     * @throws IllegalArgumentException for an unknown name; its message lists what is accepted, the nearest name first
     */
    public static Preset named(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(preset -> preset.name.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(unknown(name, wanted)));
    }

    /** Weights, biases, γ and β of the network. */
    public long trainableParameters() {
        return NetworkLayout.of(spec).trainableParameters();
    }

    private static Preset inPaper(String name, int batchSize, double test, double train) {
        return new Preset(name, specOf(name), batchSize, 0.001, 0, OptionalDouble.of(test), OptionalDouble.of(train));
    }

    private static Preset notInPaper(String name) {
        return new Preset(name, specOf(name), 100, 0.001, 0, OptionalDouble.empty(), OptionalDouble.empty());
    }

    private static NetworkSpec specOf(String name) {
        List<String> parts = Arrays.asList(name.split("-"));
        NetworkSpec spec = NetworkSpec.plain(parts.get(0).equals("vgg38") ? 5 : 0);
        if (parts.contains("bn")) {
            spec = spec.withNormalisation(Normalisation.BEFORE_ACTIVATION);
        }
        if (parts.contains("resnet")) {
            spec = spec.withSkip(Skip.PROJECTION);
        }
        return parts.contains("sigmoid") ? spec.withActivation(Activation.SIGMOID) : spec;
    }

    private static String unknown(String given, String wanted) {
        String accepted = ALL.stream()
                .map(Preset::name)
                .sorted(Comparator.comparingInt(name -> editDistance(name, wanted)))
                .collect(Collectors.joining(", "));
        return "unknown preset \"" + given + "\": accepted are " + accepted;
    }

    /** Least number of characters to insert, delete or replace. */
    private static int editDistance(String a, String b) {
        int[] above = new int[b.length() + 1];
        Arrays.setAll(above, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}

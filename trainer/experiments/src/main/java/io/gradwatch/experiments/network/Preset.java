package io.gradwatch.experiments.network;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A named network with its hyper-parameters: a row of the paper's Table 1, or a network besides.
 *
 * @param name as on the command line, "vgg38-bn-resnet"; a row that differs from an earlier one in hyper-parameters alone
 *     has them in its name, "vgg38-bn-lr0.01", "vgg38-bn-b256"
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

    /** The sixteen rows of the paper's Table 1, in its order. */
    public static List<Preset> table1() {
        return Presets.TABLE_1;
    }

    /** Networks that the table does not have, some named in the paper, some not. */
    public static List<Preset> further() {
        return Presets.FURTHER;
    }

    /** All presets, those of Table 1 first. */
    public static List<Preset> all() {
        return Presets.ALL;
    }

    /**
     * The preset of that name; case does not matter.
     *
     * @throws IllegalArgumentException for an unknown name; its message lists what is accepted, the nearest name first
     */
    public static Preset named(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        return all().stream()
                .filter(preset -> preset.name.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(unknown(name, wanted)));
    }

    /** Weights, biases, γ and β of the network. */
    public long trainableParameters() {
        return NetworkLayout.of(spec).trainableParameters();
    }

    private static String unknown(String given, String wanted) {
        String accepted = all().stream()
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

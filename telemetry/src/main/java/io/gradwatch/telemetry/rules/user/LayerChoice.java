package io.gradwatch.telemetry.rules.user;

import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.rules.user.Measure.Per;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which layers a rule looks at. All conditions hold together; {@code first} and {@code last} count among what the others leave.
 *
 * @param name glob over the layer's name: * any text, ? one character; empty: any
 * @param type likewise over its type
 * @param block likewise over where it stands
 * @param from least index
 * @param to greatest index
 * @param first how many from the input's side; 0: all
 * @param last how many from the loss's side; 0: all
 * @param sidePaths whether layers beside the main path count too
 */
record LayerChoice(String name, String type, String block, int from, int to, int first, int last, boolean sidePaths) {
    static final LayerChoice ALL = new LayerChoice("", "", "", 0, Integer.MAX_VALUE, 0, 0, false);
    static final List<String> FIELDS = List.of("name", "type", "block", "indices", "first", "last", "side_paths");
    static final String ACCEPTED = "all, first 3, last 2, 0..12, 5, name GLOB, type GLOB, block GLOB, or a mapping of"
            + " name, type, block, indices, first, last and side_paths";

    private static final Pattern COUNTED = Pattern.compile("(first|last) +(\\d{1,5})");
    private static final Pattern INDICES = Pattern.compile("(\\d{1,5})(?: *\\.\\. *(\\d{1,5}))?");
    private static final Pattern GLOB = Pattern.compile("(name|type|block) +(\\S.*)");

    static LayerChoice read(String text) throws BadText {
        if (text.equals("all")) {
            return ALL;
        }
        Matcher counted = COUNTED.matcher(text);
        if (counted.matches()) {
            int count = count(counted.group(2));
            return counted.group(1).equals("first") ? ALL.withFirst(count) : ALL.withLast(count);
        }
        Matcher glob = GLOB.matcher(text);
        if (glob.matches()) {
            String pattern = glob(glob.group(2));
            return switch (glob.group(1)) {
                case "name" -> ALL.withName(pattern);
                case "type" -> ALL.withType(pattern);
                default -> ALL.withBlock(pattern);
            };
        }
        if (INDICES.matcher(text).matches()) {
            return ALL.withIndices(text);
        }
        throw new BadText("accepted is " + ACCEPTED);
    }

    static int count(String text) throws BadText {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) == 0) {
            throw new BadText("accepted is a number of layers from 1 on");
        }
        return Integer.parseInt(text);
    }

    static String glob(String text) throws BadText {
        if (text.length() > 100) {
            throw new BadText("accepted are at most 100 characters");
        }
        return text;
    }

    LayerChoice withName(String glob) {
        return new LayerChoice(glob, type, block, from, to, first, last, sidePaths);
    }

    LayerChoice withType(String glob) {
        return new LayerChoice(name, glob, block, from, to, first, last, sidePaths);
    }

    LayerChoice withBlock(String glob) {
        return new LayerChoice(name, type, glob, from, to, first, last, sidePaths);
    }

    LayerChoice withFirst(int count) {
        return new LayerChoice(name, type, block, from, to, count, last, sidePaths);
    }

    LayerChoice withLast(int count) {
        return new LayerChoice(name, type, block, from, to, first, count, sidePaths);
    }

    LayerChoice withSidePaths(boolean also) {
        return new LayerChoice(name, type, block, from, to, first, last, also);
    }

    LayerChoice withIndices(String text) throws BadText {
        Matcher indices = INDICES.matcher(text);
        if (!indices.matches()) {
            throw new BadText("accepted is an index or a range that includes both ends: 5, 0..12");
        }
        int least = Integer.parseInt(indices.group(1));
        int most = indices.group(2) == null ? least : Integer.parseInt(indices.group(2));
        if (most < least) {
            throw new BadText("the range is empty; accepted is the smaller index first: " + most + ".." + least);
        }
        return new LayerChoice(name, type, block, least, most, first, last, sidePaths);
    }

    /**
     * Indices of the chosen ones, ascending. A batch normalisation has its own name and index, and type, block and path of the
     * weight layer that it normalises.
     *
     * @param count how many there are
     */
    int[] of(RunStarted run, Per per, int count) {
        List<Integer> chosen = new ArrayList<>(count);
        for (int i = Math.min(from, count); i < count && i <= to; i++) {
            Layer layer = layer(run, per, i);
            String called = per == Per.LAYER || i >= run.getBatchNormsCount()
                    ? layer.getName()
                    : run.getBatchNorms(i).getName();
            boolean main = layer.equals(Layer.getDefaultInstance()) || layer.getMainPath();
            if ((main || sidePaths)
                    && matches(name, called)
                    && matches(type, layer.getType())
                    && matches(block, layer.getBlock())) {
                chosen.add(i);
            }
        }
        List<Integer> some = chosen;
        if (first > 0 || last > 0) {
            int head = Math.min(first, chosen.size());
            int tail = Math.max(head, chosen.size() - last);
            some = new ArrayList<>(chosen.subList(0, head));
            some.addAll(chosen.subList(tail, chosen.size()));
        }
        return some.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The weight layer; the default instance where the run's description does not know it. */
    static Layer layer(RunStarted run, Per per, int index) {
        int at = per == Per.LAYER
                ? index
                : index < run.getBatchNormsCount() ? run.getBatchNorms(index).getLayer() : -1;
        return at >= 0 && at < run.getLayersCount() ? run.getLayers(at) : Layer.getDefaultInstance();
    }

    private static boolean matches(String glob, String text) {
        return glob.isEmpty() || globs(glob.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
    }

    /** In the product of the two lengths at worst. */
    private static boolean globs(String glob, String text) {
        int g = 0;
        int t = 0;
        int star = -1;
        int from = 0;
        while (t < text.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                from = t;
            } else if (g < glob.length() && (glob.charAt(g) == '?' || glob.charAt(g) == text.charAt(t))) {
                g++;
                t++;
            } else if (star >= 0) {
                g = star + 1;
                t = ++from;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }

    /** "all", "first 3", "name stage1.*". */
    String inWords() {
        List<String> parts = new ArrayList<>();
        if (first > 0) {
            parts.add("first " + first);
        }
        if (last > 0) {
            parts.add("last " + last);
        }
        if (!name.isEmpty()) {
            parts.add("name " + name);
        }
        if (!type.isEmpty()) {
            parts.add("type " + type);
        }
        if (!block.isEmpty()) {
            parts.add("block " + block);
        }
        if (to < Integer.MAX_VALUE) {
            parts.add(from == to ? "index " + from : "indices " + from + ".." + to);
        }
        if (parts.isEmpty()) {
            parts.add("all");
        }
        return String.join(", ", parts) + (sidePaths ? " with side paths" : "");
    }
}

package io.gradwatch.experiments.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which Kafka a run reports to.
 *
 * @param properties for Kafka's clients, with {@code bootstrap.servers}; empty for no Kafka
 * @param mustAnswer whether it must answer before training starts
 */
record KafkaChoice(Map<String, String> properties, boolean mustAnswer) {
    private static final String BOOTSTRAP = "bootstrap.servers";
    private static final String ACCEPTED =
            "accepted is HOST:PORT, several separated by commas, or none to train without telemetry";
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+):(\\d{1,5})");

    static final KafkaChoice NONE = new KafkaChoice(Map.of(), false);

    boolean isNone() {
        return properties.isEmpty();
    }

    /** The addresses, as given. */
    String bootstrap() {
        return properties.getOrDefault(BOOTSTRAP, "");
    }

    /**
     * What {@code --kafka} and {@code --kafka-config} mean; without an address {@code GRADWATCH_KAFKA}. What is wrong
     * becomes a problem.
     */
    static KafkaChoice of(
            @Nullable String option, @Nullable Path file, Map<String, String> environment, Problems problems) {
        if ("none".equals(option)) {
            return NONE;
        }
        Properties properties = file == null ? new Properties() : read(file, problems);
        String inherited = environment.get("GRADWATCH_KAFKA");
        boolean mustAnswer = true;
        if (option != null) {
            check("--kafka " + option, option, problems);
            properties.setProperty(BOOTSTRAP, option);
        } else if (properties.getProperty(BOOTSTRAP) != null) {
            check(BOOTSTRAP + " in " + file, properties.getProperty(BOOTSTRAP), problems);
        } else if ("none".equals(inherited)) {
            return NONE;
        } else if (inherited != null && !inherited.isBlank()) {
            check("GRADWATCH_KAFKA " + inherited, inherited, problems);
            properties.setProperty(BOOTSTRAP, inherited);
            // the launcher's broker starts at the same time as its trainers
            mustAnswer = !"1".equals(environment.get("GRADWATCH_CHILD"));
        } else {
            problems.add("--kafka is missing: " + ACCEPTED);
        }
        Map<String, String> all = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> all.put(name, properties.getProperty(name)));
        return new KafkaChoice(Map.copyOf(all), mustAnswer);
    }

    private static Properties read(Path file, Problems problems) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            problems.add("--kafka-config " + file + " cannot be read (" + e
                    + "): accepted is a file of Kafka client properties, one NAME=VALUE a line");
        }
        return properties;
    }

    private static void check(String where, String addresses, Problems problems) {
        for (String address : addresses.split(",", -1)) {
            Matcher matcher = ADDRESS.matcher(address.strip());
            boolean good = matcher.matches()
                    && Integer.parseInt(matcher.group(1)) >= 1
                    && Integer.parseInt(matcher.group(1)) <= 65535;
            if (!good) {
                problems.add(where + ": \"" + address.strip() + "\" is no address; " + ACCEPTED);
            }
        }
    }
}

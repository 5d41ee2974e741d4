package io.gradwatch.telemetry.lifecycle;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When runs that have ended are archived, and whether their records may be deleted from Kafka then. Nothing is ever deleted
 * from history by it.
 *
 * @param archiveAfter the end of a run; empty: never
 * @param trimArchived whether records at the beginning of Kafka's partitions are deleted that are of archived runs alone
 */
public record Policy(Optional<Duration> archiveAfter, boolean trimArchived) {
    /** A day after its end a run is archived; Kafka keeps everything. */
    public static final Policy DEFAULT = new Policy(Optional.of(Duration.ofDays(1)), false);

    /** The file in the data directory. */
    public static final String FILE = "retention.properties";

    private static final String AFTER = "archive-after";
    private static final String TRIM = "trim-archived";
    private static final String ACCEPTED = "a number with d, h, m or s behind it, such as 7d, or never";
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([dhms])");

    /**
     * The policy of a data directory: what is said here, else what its file says, else the default.
     *
     * @param after as given to {@code --archive-after}; null: not given
     * @throws IllegalArgumentException something is not accepted; the message says what and where
     */
    public static Policy of(Path data, @Nullable String after, boolean trim) {
        Path file = data.resolve(FILE);
        Properties said = new Properties();
        try {
            if (Files.exists(file)) {
                try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                    said.load(reader);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
        Set<String> unknown = new TreeSet<>(said.stringPropertyNames());
        unknown.removeAll(Set.of(AFTER, TRIM));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": " + unknown + " is not known; accepted are " + AFTER + " and " + TRIM);
        }
        String trims = said.getProperty(TRIM, "false").strip();
        if (!trims.equals("true") && !trims.equals("false")) {
            throw new IllegalArgumentException(file + ": " + TRIM + " is \"" + trims + "\"; accepted is true or false");
        }
        Optional<Duration> archiveAfter = DEFAULT.archiveAfter();
        if (after != null) {
            archiveAfter = time(after, "--" + AFTER);
        } else if (said.containsKey(AFTER)) {
            archiveAfter = time(said.getProperty(AFTER).strip(), file + ": " + AFTER);
        }
        return new Policy(archiveAfter, trim || trims.equals("true"));
    }

    private static Optional<Duration> time(String text, String where) {
        if (text.equals("never")) {
            return Optional.empty();
        }
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(where + " is \"" + text + "\"; accepted is " + ACCEPTED);
        }
        long n = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "d" -> Duration.ofDays(n);
                    case "h" -> Duration.ofHours(n);
                    case "m" -> Duration.ofMinutes(n);
                    default -> Duration.ofSeconds(n);
                });
    }
}

package io.gradwatch.telemetry.control;

import io.gradwatch.contract.v1.Alert;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code actions.properties} of the data directory: lines such as {@code vanish-floor.critical = stop} and {@code plateau =
 * dry-run learning_rate x 0.1}; {@code #} begins a comment.
 */
public final class ActionsFile {
    /** Its name. */
    public static final String NAME = "actions.properties";

    private static final String DRY_RUN = "dry-run";
    private static final List<Alert.Severity> SEVERITIES =
            List.of(Alert.Severity.INFO, Alert.Severity.WARNING, Alert.Severity.CRITICAL);

    private ActionsFile() {}

    /**
     * The policy of a data directory; without the file no rule acts.
     *
     * @param rules names of the rules that there are
     * @throws IllegalArgumentException something is not accepted; the message has a line for each wrong one
     */
    public static ActionPolicy read(Path data, Collection<String> rules) {
        Path file = data.resolve(NAME);
        if (!Files.exists(file)) {
            return ActionPolicy.NONE;
        }
        try {
            return parse(file.toString(), Files.readAllLines(file, StandardCharsets.UTF_8), rules);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** As {@link #read}, of the lines themselves. */
    static ActionPolicy parse(String file, List<String> lines, Collection<String> rules) {
        List<ActionPolicy.Entry> entries = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                ActionPolicy.Entry entry = entry(line, rules);
                if (!seen.add(line.substring(0, line.indexOf('=')).strip())) {
                    throw new IllegalArgumentException(
                            "says a second time what is done; accepted is one line for each");
                }
                entries.add(entry);
            } catch (IllegalArgumentException e) {
                problems.add(file + ", line " + (i + 1) + ": \"" + line + "\" " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        return new ActionPolicy(entries);
    }

    private static ActionPolicy.Entry entry(String line, Collection<String> rules) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("has no =; accepted is RULE = ACTION, or RULE.SEVERITY = ACTION");
        }
        String name = line.substring(0, equals).strip();
        int dot = name.indexOf('.');
        String rule = dot < 0 ? name : name.substring(0, dot);
        if (!rules.contains(rule)) {
            throw new IllegalArgumentException("names no rule; accepted are "
                    + String.join(", ", rules.stream().sorted().toList()));
        }
        Optional<Alert.Severity> severity = dot < 0 ? Optional.empty() : Optional.of(severity(name.substring(dot + 1)));
        String text = line.substring(equals + 1).strip();
        boolean dryRun = text.startsWith(DRY_RUN + " ");
        ControlAction action = ControlAction.parse(dryRun ? text.substring(DRY_RUN.length()) : text)
                .orElseThrow(() -> new IllegalArgumentException("has no action; accepted is " + ControlAction.ACCEPTED
                        + ", with " + DRY_RUN + " before it or not"));
        return new ActionPolicy.Entry(rule, severity, action, dryRun);
    }

    private static Alert.Severity severity(String word) {
        return SEVERITIES.stream()
                .filter(s -> s.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "has the severity \"" + word + "\"; accepted are info, warning and critical"));
    }
}

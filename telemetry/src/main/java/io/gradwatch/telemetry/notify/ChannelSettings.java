package io.gradwatch.telemetry.notify;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A way to tell people.
 *
 * @param name as its owner calls it
 * @param values what its kind needs, by name; secrets among them
 */
public record ChannelSettings(String name, Kind kind, Map<String, String> values, Filter filter) {
    /** Kinds of channels; each must be given what it needs, and may be given what is possible. */
    public enum Kind {
        WEBHOOK,
        SLACK,
        EMAIL,
        COMMAND;

        Set<String> needed() {
            return switch (this) {
                case WEBHOOK, SLACK -> Set.of("url");
                case EMAIL -> Set.of("to", "from", "host");
                case COMMAND -> Set.of("run");
            };
        }

        Set<String> possible() {
            return switch (this) {
                case WEBHOOK -> Set.of("secret");
                case EMAIL -> Set.of("port", "tls", "user", "password");
                case SLACK, COMMAND -> Set.of();
            };
        }

        /** As in the settings and in the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Kind> of(String label) {
            return List.of(values()).stream()
                    .filter(kind -> kind.label().equals(label))
                    .findFirst();
        }
    }

    public ChannelSettings {
        values = Map.copyOf(values);
    }

    String value(String name) {
        return values.getOrDefault(name, "");
    }

    /** Where it leads, to be shown: nothing of it is a secret. */
    public String target() {
        return switch (kind) {
            case WEBHOOK, SLACK -> withoutPath(value("url"));
            case EMAIL -> value("to");
            case COMMAND -> value("run").split("\\s+", 2)[0];
        };
    }

    /** Severity from which on it is told. */
    public String severity() {
        return filter.least().name().toLowerCase(Locale.ROOT);
    }

    /** States of alerts that it is told of. */
    public List<String> states() {
        return filter.states().stream()
                .sorted()
                .map(state -> state.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Rules that it is told of; empty: all. */
    public List<String> rules() {
        return filter.rules().stream().sorted().toList();
    }

    /** Paths and queries of webhooks are secrets. */
    private static String withoutPath(String url) {
        int host = url.indexOf("://") + 3;
        int path = url.indexOf('/', host);
        String place = path < 0 ? url : url.substring(0, path);
        return place.contains("@") ? url.substring(0, host) + place.substring(place.indexOf('@') + 1) : place;
    }

    @Override
    public String toString() {
        return kind.label() + " " + name + " to " + target();
    }
}

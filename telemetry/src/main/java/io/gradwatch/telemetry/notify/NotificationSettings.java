package io.gradwatch.telemetry.notify;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Alert.State;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of alerts, and how. docs/notifications.md describes the file.
 *
 * @param link address of the dashboard in messages; empty: none
 * @param groupWait how long transitions of a run are collected for one message
 * @param giveUpAfter how long it is tried to tell one
 * @param maxAge of a transition when it is read; an older one is not told any more
 */
public record NotificationSettings(
        List<ChannelSettings> channels, String link, Duration groupWait, Duration giveUpAfter, Duration maxAge) {
    /** The file in the data directory. */
    public static final String FILE = "notifications.properties";

    private static final Set<String> GENERAL = Set.of("link", "group-wait", "give-up-after", "max-age");
    private static final Set<String> OF_ALL_KINDS = Set.of("severity", "states", "rules");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([dhms])");
    private static final Set<String> TLS = Set.of("none", "starttls", "tls");
    private static final int MOST_CHANNELS = 16;

    public NotificationSettings {
        channels = List.copyOf(channels);
    }

    /**
     * Reads the file of a data directory; without one nobody is told.
     *
     * @param environment for values of the form {@code env:NAME}
     * @throws IllegalArgumentException something is not accepted; the message names all mistakes
     */
    public static NotificationSettings of(Path data, Map<String, String> environment) {
        Path file = data.resolve(FILE);
        Properties said = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                said.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return new Parser(file.toString(), said, environment).parse();
    }

    /** Reads the properties of one file, and collects what is wrong with it. */
    private static final class Parser {
        private final String file;
        private final Map<String, String> said = new TreeMap<>();
        private final Map<String, String> environment;
        private final List<String> problems = new ArrayList<>();

        Parser(String file, Properties properties, Map<String, String> environment) {
            this.file = file;
            this.environment = environment;
            properties
                    .stringPropertyNames()
                    .forEach(name -> said.put(name, properties.getProperty(name).strip()));
        }

        NotificationSettings parse() {
            Set<String> names = said.keySet().stream()
                    .filter(key -> !key.contains(".") && !GENERAL.contains(key))
                    .collect(Collectors.toCollection(TreeSet::new));
            List<ChannelSettings> channels = new ArrayList<>();
            for (String name : names) {
                ChannelSettings channel = channel(name);
                if (channel != null) {
                    channels.add(channel);
                }
            }
            for (String key : said.keySet()) {
                int dot = key.indexOf('.');
                if (dot >= 0 && !names.contains(key.substring(0, dot))) {
                    problems.add(key + " belongs to no channel; accepted is a line \"" + key.substring(0, dot)
                            + " = webhook\", slack, email or command beside it");
                }
            }
            if (channels.size() > MOST_CHANNELS) {
                problems.add("there are " + channels.size() + " channels; accepted are at most " + MOST_CHANNELS);
            }
            String link = said.getOrDefault("link", "");
            if (!link.isEmpty() && !isHttp(link)) {
                problems.add("link is \"" + link + "\"; accepted is the dashboard's http:// or https:// address");
            }
            NotificationSettings settings = new NotificationSettings(
                    channels,
                    link.replaceAll("/+$", ""),
                    time("group-wait", Duration.ofSeconds(2)),
                    time("give-up-after", Duration.ofDays(1)),
                    time("max-age", Duration.ofDays(1)));
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(
                        problems.stream().map(p -> file + ": " + p).collect(Collectors.joining("\n")));
            }
            return settings;
        }

        private @Nullable ChannelSettings channel(String name) {
            if (!NAME.matcher(name).matches()) {
                problems.add("\"" + name + "\" is no name of a channel; accepted are up to 40 of a-z, 0-9 and -");
                return null;
            }
            ChannelSettings.Kind kind =
                    ChannelSettings.Kind.of(said.getOrDefault(name, "")).orElse(null);
            if (kind == null) {
                problems.add(name + " is \"" + said.get(name) + "\"; accepted is webhook, slack, email or command");
                return null;
            }
            Map<String, String> values = new TreeMap<>();
            Set<String> known = new HashSet<>(kind.needed());
            known.addAll(kind.possible());
            known.addAll(OF_ALL_KINDS);
            said.forEach((key, value) -> {
                if (key.startsWith(name + ".")) {
                    String what = key.substring(name.length() + 1);
                    if (known.contains(what)) {
                        values.put(what, resolved(key, value));
                    } else {
                        problems.add(key + " is not known; accepted for " + kind.label() + " are "
                                + String.join(", ", new TreeSet<>(known)));
                    }
                }
            });
            for (String needed : new TreeSet<>(kind.needed())) {
                if (values.getOrDefault(needed, "").isEmpty()) {
                    problems.add(name + "." + needed + " is missing");
                }
            }
            check(name, values);
            Filter filter = new Filter(
                    one(
                            name + ".severity",
                            values.getOrDefault("severity", "warning"),
                            word -> severities().get(word),
                            severities().keySet()),
                    states(name, values.getOrDefault("states", "firing, resolved")),
                    Set.copyOf(words(values.getOrDefault("rules", ""))));
            return new ChannelSettings(name, kind, values, filter);
        }

        private void check(String name, Map<String, String> values) {
            String url = values.get("url");
            if (url != null && !url.isEmpty() && !isHttp(url)) {
                problems.add(name + ".url is no http:// or https:// address");
            }
            String port = values.getOrDefault("port", "25");
            if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
                problems.add(name + ".port is \"" + port + "\"; accepted is 1 to 65535");
            }
            if (!TLS.contains(values.getOrDefault("tls", "starttls"))) {
                problems.add(name + ".tls is \"" + values.get("tls") + "\"; accepted is none, starttls or tls");
            }
        }

        private Set<State> states(String name, String text) {
            Map<String, State> accepted = Stream.of(State.values())
                    .filter(s -> s != State.UNRECOGNIZED && s != State.STATE_UNSPECIFIED)
                    .collect(Collectors.toMap(
                            s -> s.name().toLowerCase(Locale.ROOT), Function.identity(), (a, b) -> a, TreeMap::new));
            Set<State> states = EnumSet.noneOf(State.class);
            for (String word : words(text)) {
                states.add(one(name + ".states", word, accepted::get, accepted.keySet()));
            }
            if (states.isEmpty()) {
                problems.add(name + ".states is empty; accepted are " + String.join(", ", accepted.keySet()));
            }
            return states;
        }

        private static Map<String, Severity> severities() {
            Map<String, Severity> severities = new TreeMap<>(Comparator.naturalOrder());
            severities.put("info", Severity.INFO);
            severities.put("warning", Severity.WARNING);
            severities.put("critical", Severity.CRITICAL);
            return severities;
        }

        private <T extends Enum<T>> T one(
                String key, String word, Function<String, @Nullable T> choice, Set<String> accepted) {
            T chosen = choice.apply(word);
            if (chosen == null) {
                problems.add(key + " is \"" + word + "\"; accepted is " + String.join(", ", accepted));
                T any = choice.apply(accepted.iterator().next());
                if (any == null) {
                    throw new IllegalStateException(key);
                }
                return any;
            }
            return chosen;
        }

        private String resolved(String key, String value) {
            if (!value.startsWith("env:")) {
                return value;
            }
            String variable = value.substring("env:".length()).strip();
            String there = environment.get(variable);
            if (there == null) {
                problems.add(key + " is \"" + value + "\", but there is no environment variable " + variable);
                return "";
            }
            return there;
        }

        private Duration time(String key, Duration standard) {
            String text = said.get(key);
            if (text == null) {
                return standard;
            }
            Matcher matcher = TIME.matcher(text);
            if (!matcher.matches()) {
                problems.add(
                        key + " is \"" + text + "\"; accepted is a number with d, h, m or s behind it, such as 30s");
                return standard;
            }
            long n = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "d" -> Duration.ofDays(n);
                case "h" -> Duration.ofHours(n);
                case "m" -> Duration.ofMinutes(n);
                default -> Duration.ofSeconds(n);
            };
        }

        private static List<String> words(String text) {
            return Stream.of(text.split("[,\\s]+", -1))
                    .filter(w -> !w.isEmpty())
                    .toList();
        }

        private static boolean isHttp(String text) {
            try {
                URI uri = new URI(text);
                return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
            } catch (URISyntaxException e) {
                return false;
            }
        }
    }
}

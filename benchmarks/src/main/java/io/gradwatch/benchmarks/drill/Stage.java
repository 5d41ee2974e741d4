package io.gradwatch.benchmarks.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Where a drill takes place: its directory, its processes and its pages, all of which end with it. */
final class Stage implements AutoCloseable {
    /** A machine may be busy with other things; nothing waits longer than it has to. */
    static final Duration PATIENCE = Duration.ofMinutes(6);

    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    private final Installation installation;
    private final Path directory;
    private final Path chromium;
    private final PrintStream out;
    private final long begun = System.nanoTime();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    Stage(Installation installation, Path directory, Path chromium, PrintStream out) {
        this.installation = installation;
        this.directory = directory;
        this.chromium = chromium;
        this.out = out;
    }

    Installation installation() {
        return installation;
    }

    Path directory() {
        return directory;
    }

    /** Tells people what happens, with the seconds since the drill began. */
    void say(String format, Object... values) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        out.printf(Locale.ROOT, "%7.1f s  %s%n", seconds, String.format(Locale.ROOT, format, values));
    }

    /** Starts so many runs of a load, {@code PREFIX-0} and on, and waits until a service tells of them all. */
    List<Load> loads(String bootstrap, Api api, String prefix, int runs, double perSecond, Load.Shape shape)
            throws InterruptedException {
        List<Load> loads = IntStream.range(0, runs)
                .mapToObj(i -> own(Load.start(bootstrap, prefix + "-" + i, perSecond, shape)))
                .toList();
        List<String> ids = loads.stream().map(Load::id).toList();
        Wait.until("the service knows the runs", PATIENCE, () -> api.runs().containsAll(ids));
        return loads;
    }

    /** Ends it together with the stage. */
    <T extends AutoCloseable> T own(T part) {
        synchronized (parts) {
            parts.push(part);
        }
        return part;
    }

    Cluster cluster(int brokers) throws IOException, InterruptedException {
        return cluster(brokers, 0);
    }

    Cluster cluster(int brokers, int advertised) throws IOException, InterruptedException {
        say("starting %d broker%s", brokers, brokers == 1 ? "" : "s");
        return own(Cluster.start(installation, directory, brokers, advertised));
    }

    /** {@code ./gradwatch} with a data directory and variables of its own. */
    Program gradwatch(String name, Path home, Map<String, String> environment, String... arguments) throws IOException {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("GRADWATCH_HOME", home.toString());
        variables.put("NO_COLOR", "1");
        return own(Program.start(name, directory, variables, installation.gradwatch(List.of(arguments))));
    }

    /** Any process. */
    Program program(String name, List<String> command) throws IOException {
        return own(Program.start(name, directory, Map.of(), command));
    }

    /** Dashboard and service, with the broker of the launcher. */
    Service up() throws IOException, InterruptedException {
        return up(home(), Map.of());
    }

    /** Dashboard and service on a data directory. */
    Service up(Path home, Map<String, String> environment, String... more) throws IOException, InterruptedException {
        say("starting the service");
        List<String> arguments = new ArrayList<>(List.of("up", "--port", "0"));
        arguments.addAll(List.of(more));
        Program launcher = gradwatch("up", home, environment, arguments.toArray(String[]::new));
        Api api = new Api(launcher.await(ADDRESS, PATIENCE).group());
        Wait.until("the service is ready", PATIENCE, api::isReady);
        JsonNode instance =
                new ObjectMapper().readTree(home.resolve("instance.json").toFile());
        return new Service(launcher, api, instance.get("kafka").asText());
    }

    /** Data directory of what runs here, where a drill needs no other. */
    Path home() {
        return directory.resolve("home");
    }

    /** A page of one run, or of several beside each other. */
    OpenPage page(Api api, List<String> runs) {
        return page(api, runs, "");
    }

    /** @param before JavaScript that runs before the page's own */
    OpenPage page(Api api, List<String> runs, String before) {
        String place = runs.size() == 1 ? "#/runs/" + runs.get(0) : "#/compare/" + String.join(",", runs);
        say("opening the page %s", place);
        return own(OpenPage.at(chromium, api.url() + "/" + place, before));
    }

    @Override
    public void close() {
        while (true) {
            AutoCloseable part;
            synchronized (parts) {
                part = parts.poll();
            }
            if (part == null) {
                return;
            }
            try {
                part.close();
            } catch (Exception e) {
                say("could not end %s: %s", part.getClass().getSimpleName(), e);
            }
        }
    }

    /**
     * A running service.
     *
     * @param launcher the process that holds it
     * @param kafka address of the broker that it reads from
     */
    record Service(Program launcher, Api api, String kafka) {
        private static final String MAIN = "io.gradwatch.telemetry.TelemetryService";
        private static final String BROKER = "io.gradwatch.launcher.BrokerProcess";

        ProcessHandle process() {
            return launcher.child(MAIN);
        }

        ProcessHandle broker() {
            return launcher.child(BROKER);
        }

        TheLog log() {
            return new TheLog(kafka);
        }
    }
}

package io.gradwatch.benchmarks.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Holds a drill. Arguments: the working tree, the name of the drill, and its own. Exit code 0: everything was equal; 1: it
 * was not, or the drill failed; 2: wrong usage; 77: it cannot be held on this machine.
 */
public final class Drill {
    private static final int SKIPPED = 77;

    private static final Map<String, Supplier<Scenario>> SCENARIOS = scenarios();

    private Drill() {}

    private static Map<String, Supplier<Scenario>> scenarios() {
        Map<String, Supplier<Scenario>> scenarios = new LinkedHashMap<>();
        scenarios.put("broker-kill", BrokerKilled::new);
        scenarios.put("one-of-three-brokers", OneOfThreeBrokersKilled::new);
        scenarios.put("service-kill", ServiceKilled::new);
        scenarios.put("trainer-kill", TrainerKilled::new);
        scenarios.put("network-cut", NetworkCut::new);
        scenarios.put("stalled-browser", StalledBrowser::new);
        scenarios.put("disk-full", DiskFull::new);
        scenarios.put("clock-back", ClockSetBack::new);
        scenarios.put("fuzzed-records", FuzzedRecords::new);
        scenarios.put("rolling-restart", RollingRestart::new);
        return scenarios;
    }

    public static void main(String[] arguments) throws IOException {
        Supplier<Scenario> chosen = arguments.length == 2 ? SCENARIOS.get(arguments[1]) : null;
        if (chosen == null) {
            System.err.println("usage: Drill WORKING-TREE " + String.join("|", SCENARIOS.keySet()));
            System.exit(2);
            return;
        }
        Installation installation = new Installation(Path.of(arguments[0]).toAbsolutePath());
        Report report = hold(installation, chosen.get());
        System.out.print(report.text());
        System.exit(report.skipped() != null ? SKIPPED : report.isEqual() ? 0 : 1);
    }

    private static Report hold(Installation installation, Scenario scenario) throws IOException {
        System.out.println(scenario.title());
        Optional<Path> chromium = OpenPage.chromium();
        if (chromium.isEmpty()) {
            return Report.skipped("no Chromium is installed, and what arrives in a browser is to be counted");
        }
        Path directory = Files.createTempDirectory("gradwatch-drill");
        Stage stage = new Stage(installation, directory, chromium.get(), System.out);
        // Ctrl-C: nothing is left running
        Thread ending = new Thread(stage::close, "ending");
        Runtime.getRuntime().addShutdownHook(ending);
        try {
            Report report = scenario.run(stage);
            if (report.skipped() != null || report.isEqual()) {
                stage.close();
                delete(directory);
            } else {
                stage.say("what the processes said is in %s", directory);
            }
            return report;
        } catch (Exception e) {
            e.printStackTrace(System.out);
            Report.Facts facts = new Report.Facts();
            facts.must(
                    false,
                    "the drill could not be held to its end: " + e + "; what the processes said is in " + directory);
            return facts.report(List.of());
        } finally {
            stage.close();
            Runtime.getRuntime().removeShutdownHook(ending);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

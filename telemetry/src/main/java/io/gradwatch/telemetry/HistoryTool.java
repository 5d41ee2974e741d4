package io.gradwatch.telemetry;

import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryUnavailableException;
import io.gradwatch.telemetry.history.RunMeasures;
import io.gradwatch.telemetry.history.RunMeasures.Difference;
import io.gradwatch.telemetry.history.RunMeasures.Fingerprint;
import io.gradwatch.telemetry.history.RunMeasures.Part;
import io.gradwatch.telemetry.ingest.KafkaSettings;
import io.gradwatch.telemetry.rebuild.HistoryRebuild;
import io.gradwatch.telemetry.rulefile.RulesInForce;
import io.gradwatch.telemetry.rules.RuleEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Work on a history while no service runs on it. Exit codes: 0 done, or equal; 1 failed, or different; 2 bad usage.
 * Progress is printed as lines that begin with {@code PROGRESS}, everything else is for people.
 */
@Command(name = "history", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
public final class HistoryTool {
    private static final int SHOWN = 20;

    private HistoryTool() {}

    /** Runs one command. */
    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new HistoryTool());
        line.setExecutionExceptionHandler((e, command, result) -> {
            System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            return e instanceof HistoryUnavailableException || e instanceof IllegalArgumentException ? 2 : 1;
        });
        System.exit(line.execute(arguments));
    }

    @Command(name = "rebuild", description = "Make history again from Kafka and the archive.")
    int rebuild(
            @Option(names = "--kafka", required = true, paramLabel = "HOST:PORT") String address,
            @Option(names = "--kafka-config", paramLabel = "FILE") @Nullable Path settings,
            @Option(names = "--data-dir", required = true, paramLabel = "DIR") Path data,
            @Option(names = "--rules", paramLabel = "FILE") @Nullable Path rules,
            @Option(names = "--accept-differences") boolean accept)
            throws HistoryUnavailableException, IOException {
        Logging.toFile(data.resolve("logs").resolve("telemetry.log"), false);
        HistoryRebuild.Reporter reporter = new HistoryRebuild.Reporter() {
            @Override
            public void line(String text) {
                System.out.println(text);
            }

            @Override
            public void progress(String text) {
                System.out.println("PROGRESS " + text);
            }
        };
        RuleEngine inForce = RulesInForce.open(data, rules, Clock.systemUTC()).engine();
        HistoryRebuild.Result result = new HistoryRebuild(
                        data, inForce, KafkaSettings.of(address, settings), Clock.systemUTC(), reporter)
                .run(accept);
        tell(result.differences());
        if (!result.replaced()) {
            System.out.println(
                    "The old history was left in place. --accept-differences puts the new one there, and keeps"
                            + " the old file beside it.");
            return 1;
        }
        System.out.println(result.old()
                .map(old -> "The new history is in place; the old one is " + old)
                .orElse("The new history is in place, equal to the old one row for row."));
        return 0;
    }

    @Command(name = "compare", description = "Compare the histories of two data directories, row for row.")
    int compare(@Parameters(paramLabel = "DIR") Path one, @Parameters(paramLabel = "DIR") Path other)
            throws HistoryUnavailableException {
        Map<Part, Fingerprint> a = fingerprints(one);
        Map<Part, Fingerprint> b = fingerprints(other);
        List<Difference> differences = RunMeasures.differences(a, b);
        tell(differences);
        if (differences.isEmpty()) {
            System.out.println("Equal: "
                    + a.keySet().stream()
                            .map(Part::runId)
                            .filter(id -> !id.isEmpty())
                            .distinct()
                            .count()
                    + " runs, "
                    + a.values().stream().mapToLong(Fingerprint::rows).sum() + " rows");
        }
        return differences.isEmpty() ? 0 : 1;
    }

    private static Map<Part, Fingerprint> fingerprints(Path data) throws HistoryUnavailableException {
        try (History history = History.open(data.resolve("history"), Clock.systemUTC())) {
            return history.measures().fingerprints();
        }
    }

    private static void tell(List<Difference> differences) {
        for (Difference d : differences.subList(0, Math.min(SHOWN, differences.size()))) {
            System.out.println((d.part().runId().isEmpty()
                            ? "Malformed records"
                            : "Run " + d.part().runId()) + ", table " + d.part().table() + ": " + rows(d.one())
                    + " before, " + rows(d.other()) + " now");
        }
        if (differences.size() > SHOWN) {
            System.out.println("… and " + (differences.size() - SHOWN) + " further differences");
        }
    }

    private static String rows(java.util.Optional<Fingerprint> print) {
        return print.map(Fingerprint::rows).orElse(0L) + " rows";
    }
}

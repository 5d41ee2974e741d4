package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.data.Cifar100Installation;
import io.gradwatch.experiments.data.DataException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fetches data sets. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Download a data set, check it, and put it where `train` finds it.")
final class DataCommand implements Callable<Integer> {
    private static final long SHOW_NANOS = 200_000_000L;
    private static final double MEGABYTE = 1e6;

    @Parameters(paramLabel = "DATASET", description = "Accepted: cifar-100 (161 MB).")
    @SuppressWarnings("NullAway.Init") // by picocli
    private String dataset;

    @Option(
            names = "--from",
            paramLabel = "FILE|URL",
            description = "The archive, if it is at hand, or a mirror. Default: the publisher's address.")
    private @Nullable String from;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where Gradwatch keeps its files. Default: $GRADWATCH_HOME, else ~/.gradwatch.")
    private @Nullable Path dataDir;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    private long shownNanos;

    @Override
    public Integer call() throws UsageException, IOException {
        if (!dataset.equals("cifar-100")) {
            throw new UsageException(List.of("unknown data set \"" + dataset + "\": accepted is cifar-100"));
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean interactive = Terminal.isInteractive(System.getenv());
        StatusLine status = new StatusLine(out);
        Path datasets = DataDirectory.of(dataDir, System.getenv()).datasets();
        Cifar100Installation installation = new Cifar100Installation(datasets, (bytes, total) -> {
            if (interactive && System.nanoTime() - shownNanos > SHOW_NANOS) {
                shownNanos = System.nanoTime();
                status.show(progress(bytes, total));
            }
        });
        if (installation.isComplete()) {
            status.print("CIFAR-100 is in " + installation.folder() + " already, complete and undamaged");
            return 0;
        }
        if (from != null && !from.matches("(?i)https?://.*")) {
            unpack(installation, Path.of(from.replaceFirst("^file:(//)?", "")));
        } else {
            URI address = from == null ? Cifar100Installation.OFFICIAL : address(from);
            status.print("Downloading " + address);
            try {
                installation.download(address);
            } finally {
                status.clear();
            }
        }
        status.print("CIFAR-100 is in " + installation.folder() + ": 50,000 training and 10,000 test images, checked");
        return 0;
    }

    private static void unpack(Cifar100Installation installation, Path archive) throws UsageException, IOException {
        try {
            installation.unpackFrom(archive);
        } catch (DataException e) {
            throw new UsageException(List.of("--from: " + e.getMessage()));
        }
    }

    private static URI address(String text) throws UsageException {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    List.of("--from " + text + " is no address: accepted are http://… and https://…, or a file"));
        }
    }

    private static String progress(long bytes, long total) {
        return total > 0
                ? String.format(
                        Locale.ROOT, "%.1f of %.1f MB (%d %%)", bytes / MEGABYTE, total / MEGABYTE, 100 * bytes / total)
                : String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE);
    }
}

package io.gradwatch.launcher.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** From measurements to findings. Pure. */
public final class Findings {
    static final int LEAST_JAVA = 17;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** Memory of broker, service and one trainer. */
    static final long LEAST_MEMORY = 2 * GIB;

    /** Below it the service reads nothing more. */
    static final long LEAST_DISK = 64 * MIB;

    static final long LITTLE_DISK = 2 * GIB;
    static final Duration MOST_SKEW = Duration.ofSeconds(2);

    private Findings() {}

    /** The Java that runs this. */
    public static Finding java(int feature, String version) {
        return feature >= LEAST_JAVA
                ? Finding.ok("Java", version)
                : Finding.wrong(
                        "Java", version, "Install a JDK, " + LEAST_JAVA + " or newer, and let JAVA_HOME name it");
    }

    /** @param available bytes that programs can have; empty: the system does not tell */
    public static Finding memory(OptionalLong available) {
        if (available.isEmpty()) {
            return Finding.skipped("Memory", "the system does not tell how much is left");
        }
        String left = size(available.getAsLong()) + " left";
        return available.getAsLong() >= LEAST_MEMORY
                ? Finding.ok("Memory", left)
                : Finding.warning(
                        "Memory",
                        left + "; broker, service and a training take about " + size(LEAST_MEMORY),
                        "End other programs, or train with a smaller --batch or --heap");
    }

    /** @param cpuFlags as /proc/cpuinfo has them; empty: there is no such file */
    public static Finding nativeLibrary(String os, String architecture, Optional<String> cpuFlags) {
        if (!os.equals("Linux") || !architecture.equals("amd64")) {
            return Finding.wrong(
                    "Native code",
                    os + " on " + architecture,
                    "Train on Linux x86-64; up, runs and alerts work here, with trainers elsewhere");
        }
        return cpuFlags.map(flags -> (" " + flags + " ").contains(" avx2 ")
                        ? Finding.ok("Native code", "Linux x86-64 with AVX2")
                        : Finding.wrong(
                                "Native code",
                                "this processor has no AVX2",
                                "Train on another machine; up, runs and alerts work here"))
                .orElseGet(() -> Finding.skipped("Native code", "the processor does not tell what it can"));
    }

    /** @param usable bytes left for the data directory; empty: it cannot be written */
    public static Finding disk(Path directory, OptionalLong usable) {
        if (usable.isEmpty()) {
            return Finding.wrong(
                    "Disk",
                    directory + " cannot be written",
                    "Give another directory with --data-dir DIR or in GRADWATCH_HOME, or change its owner");
        }
        String left = size(usable.getAsLong()) + " left for " + directory;
        if (usable.getAsLong() < LEAST_DISK) {
            return Finding.wrong("Disk", left, "Make room: nothing is read from Kafka below " + size(LEAST_DISK));
        }
        return usable.getAsLong() < LITTLE_DISK
                ? Finding.warning(
                        "Disk", left, "Make room, or let old runs go: gradwatch runs delete, docs/runs-as-files.md")
                : Finding.ok("Disk", left);
    }

    /**
     * The port of the dashboard.
     *
     * @param url of the Gradwatch that runs on the data directory, if one does
     */
    public static Finding port(int port, boolean free, Optional<String> url) {
        if (url.isPresent()) {
            return Finding.ok("Dashboard", "runs at " + url.get());
        }
        return free
                ? Finding.ok("Dashboard", "port " + port + " is free")
                : Finding.wrong(
                        "Dashboard",
                        "port " + port + " is in use by another program",
                        "Choose another one with --port N, or --port 0 for any free one");
    }

    /**
     * Kafka.
     *
     * @param address empty: the embedded broker, which is not running now
     * @param problem why it cannot be used; empty: it answers
     */
    public static Finding kafka(Optional<String> address, Optional<String> problem) {
        if (address.isEmpty()) {
            return Finding.ok("Kafka", "embedded; 'gradwatch up' starts it");
        }
        return problem.map(why -> Finding.wrong(
                        "Kafka",
                        why,
                        "Look whether it runs, and whether --kafka, GRADWATCH_KAFKA and --kafka-config are right"))
                .orElseGet(() -> Finding.ok("Kafka", address.get() + " answers"));
    }

    /** @param skew of the service's clock against this one; empty: no service runs, or it does not answer */
    public static Finding clock(Optional<Duration> skew) {
        if (skew.isEmpty()) {
            return Finding.skipped("Clock", "no service to compare with");
        }
        String by = String.format(Locale.ROOT, "%.1f s", Math.abs(skew.get().toMillis()) / 1000.0);
        return skew.get().abs().compareTo(MOST_SKEW) <= 0
                ? Finding.ok("Clock", "differs from the service's by " + by)
                : Finding.wrong(
                        "Clock",
                        "differs from the service's by " + by
                                + ": commands expire at the wrong time, latencies are wrong",
                        "Let both machines set their clocks by NTP");
    }

    /** @param openToOthers whether other users may read or change the tokens; empty: nobody has one */
    public static Finding tokens(Path file, Optional<Boolean> openToOthers) {
        if (openToOthers.isEmpty()) {
            return Finding.ok("Access", "nobody has a token; only this machine gets in");
        }
        return openToOthers.get()
                ? Finding.wrong("Access", "other users may read or change " + file, "chmod 600 " + file)
                : Finding.ok("Access", "tokens are asked for; " + file.getFileName() + " is its owner's alone");
    }

    static String size(long bytes) {
        return bytes >= GIB
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) GIB)
                : String.format(Locale.ROOT, "%d MiB", bytes / MIB);
    }
}

package io.gradwatch.launcher.session;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a trainer's JVM is started. */
public final class TrainerProcess {
    /**
     * Settings of the C library. By default it returns large blocks to the system at once, and convolutions ask for
     * fresh ones all the time: up to a third of an iteration went into clearing pages. Other C libraries ignore them.
     */
    private static final Map<String, String> ALLOCATION = Map.of(
            "MALLOC_ARENA_MAX", "1",
            "MALLOC_MMAP_MAX_", "0",
            "MALLOC_TRIM_THRESHOLD_", Long.toString(8L << 30),
            "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

    /**
     * How a thread of OpenMP waits for the next piece of work: it spins some tens of microseconds, then sleeps. Without
     * a bound it burns the processor that somebody else could use; without spinning each of some hundred operations of
     * an iteration wakes it anew, 4 to 9 % of the time of a deep network (docs/benchmarks.md).
     */
    private static final Map<String, String> WAITING = Map.of("OMP_WAIT_POLICY", "passive", "GOMP_SPINCOUNT", "5000");

    private final JavaProgram program;
    private final DataDirectory directory;
    private final Map<String, String> environment;
    private final boolean interactive;

    /**
     * @param environment this process's own; what it says of OpenMP and memory allocation is kept
     * @param interactive whether a person sees this process's output as it comes
     */
    public TrainerProcess(
            JavaProgram program, DataDirectory directory, Map<String, String> environment, boolean interactive) {
        this.program = program;
        this.directory = directory;
        this.environment = Map.copyOf(environment);
        this.interactive = interactive;
    }

    /**
     * Starts one.
     *
     * @param arguments its command line
     * @param heap its largest heap, as {@code -Xmx} takes it; the networks lie outside the heap
     * @param threads that compute
     * @param kafka where it publishes; null where its command needs none
     * @throws Problem it cannot be started
     */
    public ChildProcess start(
            List<String> arguments, String heap, int threads, @Nullable KafkaAddress kafka, Output output) {
        List<String> all = new ArrayList<>(arguments);
        Map<String, String> variables = new HashMap<>();
        variables.put("GRADWATCH_TERMINAL", interactive && output instanceof Output.Inherited ? "1" : "0");
        variables.put("GRADWATCH_HOME", directory.root().toString());
        variables.put("OMP_NUM_THREADS", environment.getOrDefault("OMP_NUM_THREADS", Integer.toString(threads)));
        variables.put(Compute.VARIABLE, Compute.of(environment).text());
        WAITING.forEach((name, value) -> variables.put(name, environment.getOrDefault(name, value)));
        ALLOCATION.forEach((name, value) -> variables.put(name, environment.getOrDefault(name, value)));
        if (kafka != null) {
            // a trainer waits for the Kafka that this names, but expects the one of an option to answer
            variables.put("GRADWATCH_KAFKA", kafka.bootstrap());
            Path configuration = kafka.configuration();
            if (configuration != null) {
                all.addAll(List.of("--kafka", kafka.bootstrap(), "--kafka-config", configuration.toString()));
            }
        }
        try {
            return ChildProcess.start(
                    program.withJvmArguments(Jvm.common(directory))
                            .withJvmArguments(List.of(
                                    "-Xmx" + heap,
                                    "-Dorg.bytedeco.javacpp.cachedir="
                                            + directory.cache().resolve("native")))
                            .withArguments(all)
                            .withEnvironment(variables),
                    output);
        } catch (IOException e) {
            throw Problem.failure("The trainer cannot be started: " + e.getMessage());
        }
    }
}

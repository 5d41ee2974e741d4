package io.gradwatch.launcher.session;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a trainer's JVM is started. */
public final class TrainerProcess {
    private final JavaProgram program;
    private final DataDirectory directory;
    private final Map<String, String> environment;

    /**
     * @param environment this process's own; what it says of OpenMP is kept
     */
    public TrainerProcess(JavaProgram program, DataDirectory directory, Map<String, String> environment) {
        this.program = program;
        this.directory = directory;
        this.environment = Map.copyOf(environment);
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
        Map<String, String> variables = new HashMap<>();
        variables.put("GRADWATCH_HOME", directory.root().toString());
        variables.put("OMP_NUM_THREADS", environment.getOrDefault("OMP_NUM_THREADS", Integer.toString(threads)));
        variables.put("OMP_WAIT_POLICY", environment.getOrDefault("OMP_WAIT_POLICY", "passive"));
        if (kafka != null) {
            variables.put("GRADWATCH_KAFKA", kafka.bootstrap());
            Path configuration = kafka.configuration();
            if (configuration != null) {
                variables.put("GRADWATCH_KAFKA_CONFIG", configuration.toString());
            }
        }
        try {
            return ChildProcess.start(
                    program.withJvmArguments(Jvm.common(directory))
                            .withJvmArguments(List.of(
                                    "-Xmx" + heap,
                                    "-Dorg.bytedeco.javacpp.cachedir="
                                            + directory.cache().resolve("native")))
                            .withArguments(arguments)
                            .withEnvironment(variables),
                    output);
        } catch (IOException e) {
            throw Problem.failure("The trainer cannot be started: " + e.getMessage());
        }
    }
}

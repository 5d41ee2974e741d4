package io.gradwatch.launcher.session;

import io.gradwatch.launcher.broker.EmbeddedBroker;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.terminal.Problem;
import java.io.File;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The programs that the launcher starts. Each method throws {@link Problem} where its program has not been built. */
public interface Installation {

    /** The embedded Kafka. */
    JavaProgram broker();

    /** The telemetry service. */
    JavaProgram service();

    /**
     * The trainer, whose first argument is a command. Where the libraries for CUDA have not been built it is the one for the
     * CPU, which says what is missing when it is asked for CUDA.
     */
    JavaProgram trainer(Compute compute);

    /** As the build leaves them in the working tree with this top folder. */
    static Installation inWorkingTree(Path root) {
        return new WorkingTree(root);
    }

    /** The broker, which this process's own class path contains. */
    static JavaProgram embeddedBroker() {
        return EmbeddedBroker.program(
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .toList());
    }
}

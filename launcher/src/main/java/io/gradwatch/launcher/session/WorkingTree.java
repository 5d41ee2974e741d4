package io.gradwatch.launcher.session;

import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs in the {@code target} folders of the modules.
 *
 * @param root top folder of the working tree
 */
record WorkingTree(Path root) implements Installation {
    private static final String SERVICE = "io.gradwatch.telemetry.TelemetryService";
    private static final String TRAINER = "io.gradwatch.experiments.Trainer";

    @Override
    public JavaProgram broker() {
        return Installation.embeddedBroker();
    }

    @Override
    public JavaProgram service() {
        return JavaProgram.of(SERVICE, built(root.resolve("telemetry"), "gradwatch-telemetry-"));
    }

    @Override
    public JavaProgram trainer() {
        return JavaProgram.of(TRAINER, built(root.resolve("trainer/experiments"), "gradwatch-experiments-"));
    }

    /** The libraries first, in the order of their names: archives of classes depend on the order. */
    private static List<Path> built(Path module, String jar) {
        Path target = module.resolve("target");
        try {
            List<Path> jars = new ArrayList<>(sorted(target.resolve("lib"), "*.jar"));
            List<Path> own = sorted(target, jar + "*.jar").stream()
                    .filter(p -> !p.toString().matches(".*-(sources|javadoc|tests)\\.jar"))
                    .toList();
            if (own.isEmpty()) {
                throw notBuilt(module);
            }
            jars.addAll(own);
            return jars;
        } catch (IOException e) {
            throw notBuilt(module);
        }
    }

    private static List<Path> sorted(Path folder, String glob) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            found.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    private static Problem notBuilt(Path module) {
        return Problem.failure(module + " is not built. Build it with ./mvnw -DskipTests package in the top folder");
    }
}

package io.gradwatch.launcher.session;

import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The programs in the {@code target} folders of the modules.
 *
 * @param root top folder of the working tree
 */
record WorkingTree(Path root) implements Installation {
    private static final String SERVICE = "io.gradwatch.telemetry.TelemetryService";
    private static final String TRAINER = "io.gradwatch.experiments.Trainer";
    /** Not nd4j-native-api, which both need. */
    private static final Pattern CPU_LIBRARY = Pattern.compile("(nd4j-native|nd4j-native-preset|openblas)-\\d.*");

    @Override
    public JavaProgram broker() {
        return Installation.embeddedBroker();
    }

    @Override
    public JavaProgram service() {
        return JavaProgram.of(SERVICE, built(root.resolve("telemetry"), "gradwatch-telemetry-"));
    }

    @Override
    public JavaProgram trainer(Compute compute) {
        Path module = root.resolve("trainer/experiments");
        List<Path> jars = built(module, "gradwatch-experiments-");
        return JavaProgram.of(TRAINER, compute == Compute.CUDA ? withCuda(jars, module) : jars);
    }

    /** ND4J's CUDA libraries in place of its CPU libraries; with both, it would choose itself. */
    private static List<Path> withCuda(List<Path> jars, Path module) {
        try {
            List<Path> cuda = sorted(module.resolve("target/lib-cuda"), "*.jar");
            if (cuda.isEmpty()) {
                return jars;
            }
            List<Path> all = new ArrayList<>(jars);
            all.removeIf(
                    jar -> CPU_LIBRARY.matcher(jar.getFileName().toString()).matches());
            all.addAll(cuda);
            return all;
        } catch (IOException e) {
            return jars;
        }
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

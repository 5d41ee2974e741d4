package io.gradwatch.benchmarks.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a build has left in the working tree.
 *
 * @param root of the working tree
 */
record Installation(Path root) {
    /** Command of a main class on the launcher's class path. */
    List<String> java(List<String> jvm, String main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", jar("launcher") + ":" + root.resolve("launcher/target/lib") + "/*", main));
        command.addAll(arguments);
        return command;
    }

    /** Command of {@code ./gradwatch}, without the look whether everything is built. */
    List<String> gradwatch(List<String> arguments) throws IOException {
        // where this process ignores Ctrl-C (nohup, a script's background), its children would too
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(java(
                List.of(
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dgradwatch.root=" + root,
                        "-Dgradwatch.terminal=false"),
                "io.gradwatch.launcher.Main",
                arguments));
        return command;
    }

    /** Command of a service without a launcher. */
    List<String> service(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:-UsePerfData",
                "-cp",
                jar("telemetry") + ":" + root.resolve("telemetry/target/lib") + "/*",
                "io.gradwatch.telemetry.TelemetryService"));
        command.addAll(arguments);
        return command;
    }

    private Path jar(String module) throws IOException {
        Path target = root.resolve(module).resolve("target");
        try (var jars = Files.newDirectoryStream(target, "gradwatch-" + module + "-*.jar")) {
            for (Path jar : jars) {
                return jar;
            }
        }
        throw new IOException(target + " holds no gradwatch-" + module + "-*.jar; ./mvnw -q -Pbenchmarks package"
                + " -DskipTests makes it");
    }
}

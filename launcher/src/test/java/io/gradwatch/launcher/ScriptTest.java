package io.gradwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The start script, in a working tree whose Maven and Java only say that they were called. */
@DisabledOnOs(OS.WINDOWS)
class ScriptTest {
    @TempDir
    Path temporary;

    private Path tree = Path.of("");
    private Path java = Path.of("");
    private String errors = "";

    @BeforeEach
    void makeTree() throws Exception {
        tree = Files.createDirectories(temporary.resolve("a tree, with spaces"));
        Files.copy(Path.of("..", "gradwatch").toAbsolutePath().normalize(), tree.resolve("gradwatch"));
        Files.createDirectories(tree.resolve("launcher/src/main/java"));
        Files.writeString(tree.resolve("launcher/src/main/java/Main.java"), "");
        Files.writeString(tree.resolve("pom.xml"), "");
        script(tree.resolve("mvnw"), """
                echo called >>calls
                echo '[INFO] Building Gradwatch: launcher 0.1.0-SNAPSHOT          [9/9]'
                if [ -f broken ]; then
                  echo '[ERROR] Main.java:[1,1] not a class'
                  exit 1
                fi
                for module in launcher telemetry trainer/experiments; do
                  mkdir -p $module/target/lib
                  : >$module/target/gradwatch-it-1.jar
                done
                : >launcher/target/gradwatch-launcher-1.jar
                """);
        java = fakeJava("17.0.15");
    }

    @Test
    void buildsOnceAndStartsAtOnceAfterwards() throws Exception {
        assertThat(run(tree, tree.resolve("gradwatch").toString(), "up", "--port", "1"))
                .endsWith("<io.gradwatch.launcher.Main> <up> <--port> <1>");
        assertThat(errors).startsWith("Building Gradwatch (first start, takes a few minutes) … launcher …");

        run(tree, tree.resolve("gradwatch").toString(), "up");

        assertThat(errors).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void buildsAgainWhenASourceIsNewer() throws Exception {
        run(tree, "./gradwatch");
        touch(tree.resolve("launcher/src/main/java/Main.java"));

        run(tree, "./gradwatch");

        assertThat(errors).startsWith("Building Gradwatch (the sources have changed) …");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void buildsAgainWhenAJarIsMissing() throws Exception {
        run(tree, "./gradwatch");
        Files.delete(tree.resolve("telemetry/target/gradwatch-it-1.jar"));

        run(tree, "./gradwatch");

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void showsWhatIsWrongWhenTheBuildFails() throws Exception {
        Files.writeString(tree.resolve("broken"), "");

        assertThat(exitCode(tree, Map.of(), "./gradwatch")).isEqualTo(1);
        assertThat(errors)
                .contains("Main.java:[1,1] not a class")
                .contains("the build has failed")
                .contains("target/build.log");

        Files.delete(tree.resolve("broken"));
        assertThat(exitCode(tree, Map.of(), "./gradwatch")).isZero();
    }

    @Test
    void worksFromElsewhereAndThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link to it"), tree.resolve("gradwatch"));
        Files.createSymbolicLink(temporary.resolve("second link"), Path.of("link to it"));

        String said = run(Path.of("/"), temporary.resolve("second link").toString(), "--version");

        assertThat(said)
                .contains("-Dgradwatch.root=" + tree.toRealPath())
                .contains("launcher/target/gradwatch-launcher-1.jar");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void keepsTheArgumentsApart() throws Exception {
        assertThat(run(tree, "./gradwatch", "--data", "with space", "", "*")).endsWith("<--data> <with space> <> <*>");
    }

    @Test
    void namesAJavaThatIsTooOldOrMissing() throws Exception {
        assertThat(exitCode(tree, Map.of("JAVA_HOME", fakeJava("11.0.2").toString()), "./gradwatch"))
                .isEqualTo(2);
        assertThat(errors).contains("Java 11").contains("JDK, version 17 or newer");

        assertThat(exitCode(tree, Map.of("JAVA_HOME", "/nowhere"), "./gradwatch"))
                .isEqualTo(2);
        assertThat(errors).contains("JAVA_HOME is /nowhere").contains("JDK, version 17 or newer");

        assertThat(builds()).isZero();
    }

    /** A home of a Java that prints its arguments in angle brackets, one a line. */
    private Path fakeJava(String version) throws IOException {
        Path home = Files.createDirectories(temporary.resolve("java " + version));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Us\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), "for argument; do printf '<%s>\\n' \"$argument\"; done\n");
        script(home.resolve("bin/javac"), "");
        return home;
    }

    private long builds() throws IOException {
        Path calls = tree.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    private String run(Path directory, String... command) throws Exception {
        Path output = temporary.resolve("output");
        assertThat(exitCode(directory, Map.of(), command)).isZero();
        return Files.readString(output).stripTrailing().replace("\n", " ");
    }

    private int exitCode(Path directory, Map<String, String> variables, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(temporary.resolve("output").toFile())
                .redirectError(temporary.resolve("errors").toFile());
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().putAll(variables);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        errors = Files.readString(temporary.resolve("errors"));
        return process.exitValue();
    }

    private static void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(2)));
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

package io.gradwatch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ES modules are tested by node's own runner ({@code src/test/js}), and the types in their comments are checked by
 * TypeScript's compiler from its WebJar, without npm. Skipped where there is no node.
 */
class EsModulesTest {
    private static final int OLDEST_NODE = 18;
    private static final Path TESTS = Path.of("src/test/js");

    @Test
    void theJavaScriptTestsPass() throws Exception {
        assumeTrue(majorVersionOfNode() >= OLDEST_NODE, "no Node.js " + OLDEST_NODE + " or newer: skipped");
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=spec"));
        try (var files = Files.walk(TESTS)) {
            files.map(Path::toString)
                    .filter(f -> f.endsWith(".test.js"))
                    .sorted()
                    .forEach(command::add);
        }

        String output = succeed(command);
        Matcher passed = Pattern.compile("pass (\\d+)").matcher(output);
        assertThat(passed.find() && Integer.parseInt(passed.group(1)) > 0)
                .as("tests were found: %s", output)
                .isTrue();
        System.out.println("JavaScript: " + passed.group(1) + " tests passed");
    }

    @Test
    void theTypesInTheCommentsHold(@TempDir Path scratch) throws Exception {
        assumeTrue(majorVersionOfNode() >= OLDEST_NODE, "no Node.js " + OLDEST_NODE + " or newer: skipped");
        succeed(List.of("node", compiler(scratch).toString(), "--project", "jsconfig.json"));
    }

    @Test
    void aTypeThatDoesNotHoldIsFound(@TempDir Path scratch) throws Exception {
        assumeTrue(majorVersionOfNode() >= OLDEST_NODE, "no Node.js " + OLDEST_NODE + " or newer: skipped");
        Path wrong = Files.writeString(
                scratch.resolve("wrong.js"), "/** @param {number} n */\nconst half = (n) => n / 2;\nhalf('two');\n");

        assertThat(run(List.of(
                        "node", compiler(scratch).toString(), "--checkJs", "--allowJs", "--noEmit", wrong.toString())))
                .contains("'string' is not assignable to parameter of type 'number'");
    }

    /** TypeScript's compiler, unpacked from its WebJar: its libraries must be files. */
    private static Path compiler(Path scratch) throws Exception {
        URL compiler =
                Thread.currentThread().getContextClassLoader().getResource("META-INF/resources/webjars/typescript");
        JarURLConnection jar = (JarURLConnection) compiler.openConnection();
        jar.setUseCaches(false);
        try (JarFile file = jar.getJarFile()) {
            for (JarEntry entry : Collections.list(file.entries())) {
                Path name = Path.of(entry.getName());
                if (entry.getName().matches(".*/typescript/[^/]+/lib/(_?tsc\\.js|lib\\.[^/]*d\\.ts)")) {
                    Files.copy(file.getInputStream(entry), scratch.resolve(name.getFileName()));
                }
            }
        }
        return scratch.resolve("tsc.js");
    }

    private static String succeed(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int majorVersionOfNode() throws InterruptedException {
        try {
            Process node = new ProcessBuilder("node", "--version").start();
            String version = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher major = Pattern.compile("v(\\d+)").matcher(version);
            return node.waitFor() == 0 && major.find() ? Integer.parseInt(major.group(1)) : 0;
        } catch (IOException e) {
            return 0; // not installed
        }
    }
}

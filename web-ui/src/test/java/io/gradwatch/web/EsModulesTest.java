package io.gradwatch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The ES modules are tested by node's own runner ({@code src/test/js}), without npm. Skipped where there is no node. */
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

        Process node = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(node.waitFor()).as(output).isZero();
        Matcher passed = Pattern.compile("pass (\\d+)").matcher(output);
        assertThat(passed.find() && Integer.parseInt(passed.group(1)) > 0)
                .as("tests were found: %s", output)
                .isTrue();
        System.out.println("JavaScript: " + passed.group(1) + " tests passed");
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

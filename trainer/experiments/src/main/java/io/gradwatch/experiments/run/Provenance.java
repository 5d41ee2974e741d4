package io.gradwatch.experiments.run;

import io.gradwatch.experiments.layers.NativeBackend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** Which software and which machine a run's figures come from. */
public final class Provenance {
    private Provenance() {}

    /** Versions by name: java, gradwatch, deeplearning4j, nd4j, backend (with its threads), os, cpu. */
    public static Map<String, String> versions(NativeBackend backend) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        versions.put("gradwatch", gradwatch());
        versions.put("deeplearning4j", ofArtifact("org.deeplearning4j", "deeplearning4j-nn"));
        versions.put("nd4j", ofArtifact("org.nd4j", "nd4j-api"));
        versions.put("backend", backend.describe());
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        versions.put("cpu", cpu());
        return versions;
    }

    /** This version of Gradwatch, "development" when it does not run from its jar. */
    public static String gradwatch() {
        String version = ofArtifact("io.gradwatch", "gradwatch-experiments");
        return version.equals("unknown") ? "development" : version;
    }

    /** As Maven writes it into each jar; "unknown" where it has not. */
    private static String ofArtifact(String group, String artifact) {
        String resource = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream in = Provenance.class.getResourceAsStream(resource)) {
            if (in == null) {
                return "unknown";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String cpu() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}

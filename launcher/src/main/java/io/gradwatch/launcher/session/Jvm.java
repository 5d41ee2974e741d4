package io.gradwatch.launcher.session;

import io.gradwatch.launcher.datadir.DataDirectory;
import java.util.ArrayList;
import java.util.List;

/** Options that every child's JVM gets, so that it writes nowhere but in the data directory and starts quietly. */
final class Jvm {
    private static final int WARNS_OF_NATIVE_ACCESS = 24;

    private Jvm() {}

    static List<String> common(DataDirectory directory) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + directory.temporary(),
                "-Dfile.encoding=UTF-8",
                "-Dsun.stdout.encoding=UTF-8", // up to Java 17
                "-Dsun.stderr.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8", // from 18 on
                "-Dstderr.encoding=UTF-8"));
        if (Runtime.version().feature() >= WARNS_OF_NATIVE_ACCESS) {
            options.add("--enable-native-access=ALL-UNNAMED");
            options.add("--sun-misc-unsafe-memory-access=allow"); // JavaCPP and Protobuf use it
        }
        return options;
    }
}

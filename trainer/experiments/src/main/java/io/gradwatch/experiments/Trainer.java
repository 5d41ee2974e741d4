package io.gradwatch.experiments;

import com.sun.management.OperatingSystemMXBean;
import io.gradwatch.experiments.cli.TrainerCommand;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** Main class of a trainer process: {@code train}, {@code table1}, {@code data}, {@code presets}. */
public final class Trainer {
    private static final String NATIVE_LIMIT = "org.bytedeco.javacpp.maxbytes";
    private static final String PROCESS_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

    private Trainer() {}

    /** Ends the process: 0 done, 1 failed, 2 bad usage. */
    public static void main(String[] arguments) {
        allowNativeMemory();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = TrainerCommand.execute(arguments, out, err);
        out.flush();
        err.flush();
        System.exit(exitCode);
    }

    /**
     * A network's arrays live outside the heap. JavaCPP would allow as much for them as for the heap, which is too
     * little; without a limit, arrays that wait for the garbage collector could fill the machine.
     */
    private static void allowNativeMemory() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long threeQuarters = system.getTotalMemorySize() / 4 * 3;
        setUnlessSet(NATIVE_LIMIT, Long.toString(threeQuarters));
        setUnlessSet(PROCESS_LIMIT, "0");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}

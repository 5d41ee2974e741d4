package io.gradwatch.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;
import sun.misc.Signal;

/**
 * Entry point of the embedded broker's own JVM: formats the storage on first use, then runs Kafka until it is told to
 * stop or its standard input ends. It has a JVM of its own because Kafka halts the whole JVM, without shutdown hooks,
 * when its storage fails.
 *
 * <p>Arguments: the broker's configuration file and the cluster id. Exit codes: 0 after a clean stop, 2 for wrong
 * arguments, 3 when the storage cannot be formatted, Kafka's own otherwise.
 */
public final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("Usage: BrokerProcess CONFIGURATION-FILE CLUSTER-ID");
            System.exit(2);
        }
        Path configuration = Path.of(arguments[0]);
        // Ctrl-C reaches every process of the terminal; the launcher decides when the broker stops.
        // Kafka chains its own handler before this one.
        Signal.handle(new Signal("INT"), signal -> {});
        watchStandardInput();
        if (!format(configuration, arguments[1])) {
            System.exit(3);
        }
        Kafka.main(new String[] {configuration.toString()});
    }

    private static boolean format(Path configuration, String clusterId) {
        PrintStream output = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try {
            return StorageTool.execute(
                            new String[] {
                                "format", "--ignore-formatted", "-t", clusterId, "-c", configuration.toString()
                            },
                            output)
                    == 0;
        } catch (Exception e) {
            System.err.println("The storage cannot be formatted: " + e.getMessage());
            return false;
        }
    }

    /** The launcher holds the other end: when it stops or dies, for whatever reason, the broker shuts down. */
    private static void watchStandardInput() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // a broken input is an ended one
                    }
                    System.exit(0);
                },
                "standard-input");
        watch.setDaemon(true);
        watch.start();
    }
}

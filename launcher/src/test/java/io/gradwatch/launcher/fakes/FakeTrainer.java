package io.gradwatch.launcher.fakes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** "Trains" until its input ends, or for {@code --iterations} of 100 ms, then notes that it has flushed. */
public final class FakeTrainer {
    private FakeTrainer() {}

    public static void main(String[] arguments) throws Exception {
        Children.ignoreInterrupts();
        String command = arguments[0];
        if (List.of(arguments).contains("--help")) {
            System.out.println("Usage: gradwatch " + command);
        } else if (command.equals("presets")) {
            System.out.println("vgg08  vgg38");
        } else if (command.equals("train")) {
            train(arguments);
        } else {
            System.out.println(String.join(" ", arguments));
        }
        System.exit(0);
    }

    private static void train(String[] arguments) throws Exception {
        String preset = arguments[1];
        if (!preset.startsWith("vgg")) {
            System.err.println("Unknown preset \"" + preset + "\"; accepted are vgg08 and vgg38");
            System.exit(2);
        }
        Path directory = Path.of(Children.option(arguments, "--data-dir", ""));
        System.out.println("data: generated images");
        System.out.println("Run 20261123-160512-" + preset + "-4f2a publishes to "
                + Children.option(arguments, "--kafka", System.getenv().getOrDefault("GRADWATCH_KAFKA", "nothing"))
                + " with OMP_NUM_THREADS="
                + System.getenv("OMP_NUM_THREADS"));
        Thread work = new Thread(() -> {
            try {
                Thread.sleep(100L * Integer.parseInt(Children.option(arguments, "--iterations", "100000")));
                finish(directory, preset, "completed");
            } catch (Exception e) {
                System.exit(1);
            }
        });
        work.setDaemon(true);
        work.start();
        Children.awaitEndOfInput();
        Thread.sleep(300); // flushing takes its time
        finish(directory, preset, "stopped");
    }

    private static void finish(Path directory, String preset, String how) throws Exception {
        Files.writeString(directory.resolve("logs").resolve(preset + ".flushed"), how);
        System.out.println(preset + " " + how);
        System.exit(0);
    }
}

package io.gradwatch.telemetry.notify;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the user's: the JSON of a webhook on its standard input, the words in {@code GRADWATCH_TEXT}. No shell. */
final class CommandDelivery implements Delivery {
    private static final long PATIENCE_SECONDS = 30;
    private static final int SHOWN = 200;

    private final List<String> command;

    CommandDelivery(ChannelSettings channel) {
        this.command = Stream.of(channel.value("run").split("\\s+")).toList();
    }

    @Override
    public void send(Message message) throws DeliveryException, InterruptedException {
        Path output = null;
        Process process = null;
        try {
            output = Files.createTempFile("gradwatch-notification", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("GRADWATCH_TITLE", message.title());
            builder.environment().put("GRADWATCH_TEXT", message.text());
            builder.environment().put("GRADWATCH_KEY", message.key());
            process = builder.start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(message.json().encode().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // a program need not read what it is given
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new DeliveryException(
                        command.get(0) + " did not end within " + PATIENCE_SECONDS + " s and was killed", false);
            }
            if (process.exitValue() != 0) {
                String words = Files.readString(output, StandardCharsets.UTF_8).strip();
                throw new DeliveryException(
                        command.get(0) + " ended with " + process.exitValue()
                                + (words.isEmpty() ? "" : ": " + words.substring(Math.max(0, words.length() - SHOWN))),
                        false);
            }
        } catch (IOException e) {
            throw new DeliveryException(command.get(0) + " cannot be run: " + e.getMessage(), false);
        } finally {
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            delete(output);
        }
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                file.toFile().deleteOnExit();
            }
        }
    }
}

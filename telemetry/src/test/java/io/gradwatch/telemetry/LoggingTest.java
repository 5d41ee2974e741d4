package io.gradwatch.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingTest {
    @TempDir
    Path directory;

    @Test
    void aLineForProgramsIsAnObjectWithRunAndOffset() throws Exception {
        List<String> lines = logged(true);
        assertThat(lines).hasSize(1);
        JsonObject line = new JsonObject(lines.get(0));
        assertThat(line.getString("level")).isEqualTo("WARN");
        assertThat(line.getString("formattedMessage")).isEqualTo("A record cannot be read: it is \"odd\"\nand long");
        assertThat(line.getLong("timestamp")).isPositive();
        assertThat(line.getJsonArray("kvpList").toString()).contains("\"run\":\"vgg-a\"", "\"offset\":");
    }

    @Test
    void aLineForPeopleNamesThemToo() throws Exception {
        assertThat(logged(false).get(0)).contains("WARN", "A record cannot be read", "run=\"vgg-a\"", "offset=\"17\"");
    }

    private List<String> logged(boolean json) throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Set<Appender<ILoggingEvent>> before = appenders(root);
        Path file = directory.resolve("telemetry.log");
        Logging.toFile(file, json);
        LoggerFactory.getLogger(LoggingTest.class)
                .atWarn()
                .addKeyValue("run", "vgg-a")
                .addKeyValue("offset", 17)
                .log("A record cannot be read: {}", "it is \"odd\"\nand long");
        Set<Appender<ILoggingEvent>> added = appenders(root);
        added.removeAll(before);
        added.forEach(appender -> {
            root.detachAppender(appender);
            appender.stop();
        });
        return Files.readAllLines(file).stream()
                .filter(line -> line.contains("A record cannot"))
                .map(line -> json ? line : line + " " + lastOf(file))
                .toList();
    }

    /** A message of two lines has its key values on the second one. */
    private static String lastOf(Path file) {
        try {
            List<String> all = Files.readAllLines(file);
            return all.get(all.size() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Appender<ILoggingEvent>> appenders(Logger root) {
        Set<Appender<ILoggingEvent>> all = new HashSet<>();
        root.iteratorForAppenders().forEachRemaining(all::add);
        return all;
    }
}

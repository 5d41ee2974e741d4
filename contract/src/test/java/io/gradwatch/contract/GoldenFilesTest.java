package io.gradwatch.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.gradwatch.contract.v1.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes on the wire, held fast: {@code golden/v1/NAME.pb} is a record's value, {@code NAME.json} the same for people
 * and for readers in other languages. They change only on purpose: a difference here breaks readers of old logs.
 *
 * <p>After adding a record, write the files with {@code ./mvnw -pl contract test -Dtest=GoldenFilesTest
 * -Dgradwatch.golden.write=true} and look at what changed.
 */
class GoldenFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden/v1");

    @BeforeAll
    static void writeWhenAsked() throws IOException {
        if (Boolean.getBoolean("gradwatch.golden.write")) {
            Files.createDirectories(FOLDER);
            for (var record : GoldenRecords.all().entrySet()) {
                Files.write(FOLDER.resolve(record.getKey() + ".pb"), WireFormat.encode(record.getValue()));
                Files.writeString(FOLDER.resolve(record.getKey() + ".json"), json(record.getValue()));
            }
        }
    }

    static Set<String> names() {
        return GoldenRecords.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theBytesMeanWhatTheTwinSays(String name) throws IOException {
        Decoded decoded = WireFormat.decode(bytes(name));
        assertThat(decoded).isInstanceOf(Decoded.Known.class);
        Envelope envelope = ((Decoded.Known) decoded).envelope();
        assertThat(envelope).isEqualTo(twin(name));
        assertThat(json(envelope)).isEqualTo(text(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void theTwinEncodesToTheBytes(String name) throws IOException {
        assertThat(WireFormat.encode(twin(name))).isEqualTo(bytes(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void todaysCodeWritesTheSameBytes(String name) throws IOException {
        Envelope record = java.util.Objects.requireNonNull(GoldenRecords.all().get(name));
        assertThat(WireFormat.encode(record)).isEqualTo(bytes(name));
    }

    @Test
    void everyFileHasItsRecord() throws IOException {
        Set<String> expected = new TreeSet<>();
        names().forEach(name -> expected.addAll(Set.of(name + ".json", name + ".pb")));
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            files.forEach(file -> found.add(String.valueOf(file.getFileName())));
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void everyFieldOfEveryMessageIsSetSomewhere() {
        Set<String> set = new HashSet<>();
        GoldenRecords.all().values().forEach(record -> collect(record, set));
        Set<String> missing = new TreeSet<>();
        for (var type : Envelope.getDescriptor().getFile().getMessageTypes()) {
            for (FieldDescriptor field : type.getFields()) {
                if (!set.contains(field.getFullName())) {
                    missing.add(field.getFullName());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static void collect(Message message, Set<String> set) {
        message.getAllFields().forEach((field, value) -> {
            set.add(field.getFullName());
            if (value instanceof Message inner) {
                collect(inner, set);
            } else if (value instanceof Iterable<?> many) {
                many.forEach(one -> {
                    if (one instanceof Message inner) {
                        collect(inner, set);
                    }
                });
            }
        });
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(name + ".pb"));
    }

    private static String text(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name + ".json"), StandardCharsets.UTF_8);
    }

    private static Envelope twin(String name) throws IOException {
        Envelope.Builder builder = Envelope.newBuilder();
        JsonFormat.parser().merge(text(name), builder);
        return builder.build();
    }

    private static String json(Envelope envelope) throws IOException {
        return JsonFormat.printer().preservingProtoFieldNames().print(envelope).replace("\r\n", "\n") + "\n";
    }
}

package io.gradwatch.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import io.gradwatch.contract.v1.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/wire-format.md} says what is so. */
class DocumentationTest {
    private static String page = "";

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(Path.of("../docs/wire-format.md"));
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void listsEveryTopicWithItsSettings(Topic topic) {
        String row = page.lines()
                .filter(line -> line.startsWith("| `" + topic.topicName() + "`"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row for " + topic.topicName()));
        topic.configuration().forEach((name, value) -> assertThat(row).contains("`" + name + "=" + value + "`"));
    }

    @Test
    void namesEveryField() {
        Set<String> missing = new TreeSet<>();
        for (Descriptor type : Envelope.getDescriptor().getFile().getMessageTypes()) {
            type.getFields().forEach(field -> {
                if (!page.contains("`" + field.getName() + "`")) {
                    missing.add(field.getFullName());
                }
            });
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void takesApartTheBytesOfTheGoldenFile() throws IOException {
        Pattern line = Pattern.compile("^ {4,}((?:[0-9a-f]{2} )*[0-9a-f]{2})(?: {2,}.*|:? *)$");
        StringBuilder hex = new StringBuilder();
        page.lines().map(line::matcher).filter(Matcher::matches).forEach(found -> hex.append(found.group(1)));
        byte[] bytes = HexFormat.of().parseHex(hex.toString().replace(" ", ""));
        assertThat(bytes).isEqualTo(Files.readAllBytes(Path.of("src/test/resources/golden/v1/iteration-minimal.pb")));
    }

    @Test
    void namesTheVersionAndTheFormOfRunIds() {
        assertThat(page).contains("schema version **" + WireFormat.SCHEMA_VERSION + "**");
        assertThat(page).contains("`[A-Za-z0-9][A-Za-z0-9._-]{0,99}`");
        assertThat(page).contains(Topic.DEFAULT_PARTITIONS + " unless configured otherwise");
    }
}

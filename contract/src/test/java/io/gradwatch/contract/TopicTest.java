package io.gradwatch.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicTest {
    @Test
    void namesStayAsTheyAre() {
        assertThat(Stream.of(Topic.values()).map(Topic::topicName))
                .containsExactly(
                        "gradwatch.runs",
                        "gradwatch.iterations",
                        "gradwatch.epochs",
                        "gradwatch.histograms",
                        "gradwatch.alerts",
                        "gradwatch.commands",
                        "gradwatch.annotations",
                        "gradwatch.audit");
    }

    @Test
    void runsAndAnnotationsAreCompactedAndTheRestOfTheLogIsKeptForEver() {
        for (Topic topic : new Topic[] {Topic.RUNS, Topic.ANNOTATIONS}) {
            assertThat(topic.configuration()).isEqualTo(Map.of("cleanup.policy", "compact"));
        }
        for (Topic topic :
                new Topic[] {Topic.ITERATIONS, Topic.EPOCHS, Topic.HISTOGRAMS, Topic.ALERTS, Topic.COMMANDS, Topic.AUDIT
                }) {
            assertThat(topic.configuration()).isEqualTo(Map.of("cleanup.policy", "delete", "retention.ms", "-1"));
        }
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void configurationsCannotBeChanged(Topic topic) {
        assertThatThrownBy(() -> topic.configuration().put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
    }
}

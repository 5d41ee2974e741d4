package io.gradwatch.telemetry.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeliveryQueueTest {
    private final DeliveryQueue queue = new DeliveryQueue(Duration.ofSeconds(2), Duration.ofHours(1));
    private long number;

    private void add(String run, long atMs) {
        number++;
        queue.add(new Item(number, Notices.notice(run, (int) number), atMs));
    }

    private static List<Long> numbers(List<Item> items) {
        return items.stream().map(Item::number).toList();
    }

    @Test
    void transitionsOfARunThatComeTogetherAreOneMessage() {
        add("a", 0);
        add("b", 100);
        add("a", 500);

        assertThat(queue.due(1_999)).isEmpty();
        assertThat(numbers(queue.due(2_000))).containsExactly(1L, 3L);
        queue.succeeded();
        assertThat(queue.dueAtMs()).isEqualTo(2_100);
        assertThat(numbers(queue.due(2_100))).containsExactly(2L);
        queue.succeeded();
        assertThat(queue.size()).isZero();
        assertThat(queue.dueAtMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aMessageThatFailedStaysAsItWasAndIsTriedLaterAndLater() {
        add("a", 0);
        List<Item> message = queue.due(2_000);
        add("a", 2_001);

        long now = 2_000;
        for (long expected : new long[] {1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000}) {
            assertThat(queue.failed(now, false)).isFalse();
            assertThat(queue.dueAtMs()).isEqualTo(now + expected);
            assertThat(queue.due(now + expected - 1)).isEmpty();
            now += expected;
            assertThat(queue.due(now)).isEqualTo(message);
        }
        queue.succeeded();
        assertThat(numbers(queue.due(now))).containsExactly(2L);
    }

    @Test
    void isGivenUpAfterItsTimeOrWhenTheReceiverRefusesIt() {
        add("a", 0);
        add("b", 0);
        queue.due(2_000);
        assertThat(queue.failed(3_599_999, false)).isFalse();
        assertThat(queue.failed(3_600_000, false)).isTrue();
        assertThat(numbers(queue.due(3_600_000))).containsExactly(2L);
        assertThat(queue.failed(3_600_001, true)).isTrue();
        assertThat(queue.size()).isZero();
    }

    @Test
    void aLongQueueGoesInMessagesOfABoundedSize() {
        for (int i = 0; i < 120; i++) {
            add("a", 0);
        }
        List<Integer> sizes = new ArrayList<>();
        while (queue.size() > 0) {
            sizes.add(queue.due(5_000).size());
            queue.succeeded();
        }
        assertThat(sizes).containsExactly(50, 50, 20);
    }

    @Test
    void whateverFailsEveryTransitionComesOnceAndThoseOfARunInTheirOrder() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            DeliveryQueue any = new DeliveryQueue(Duration.ofMillis(random.nextInt(3_000)), Duration.ofDays(365));
            Map<String, List<Long>> sent = new HashMap<>();
            Map<String, List<Long>> arrived = new HashMap<>();
            long now = 0;
            for (int step = 0; step < 300; step++) {
                now += random.nextInt(2_000);
                if (step < 100) {
                    String run = "r" + random.nextInt(4);
                    any.add(new Item(step, Notices.notice(run, step), now));
                    sent.computeIfAbsent(run, r -> new ArrayList<>()).add((long) step);
                }
                List<Item> message = any.due(step < 200 ? now : now + 100_000L * step);
                if (!message.isEmpty() && (step >= 200 || random.nextInt(3) > 0)) {
                    message.forEach(
                            item -> arrived.computeIfAbsent(item.notice().runId(), r -> new ArrayList<>())
                                    .add(item.number()));
                    any.succeeded();
                } else if (!message.isEmpty()) {
                    any.failed(now, false);
                }
            }
            assertThat(arrived).as("seed " + seed).isEqualTo(sent);
        }
    }
}

package io.gradwatch.benchmarks.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BrokerFileTest {
    private static final BrokerFile.Ports ONE = new BrokerFile.Ports(11, 12, 13, 99);
    private static final BrokerFile.Ports TWO = new BrokerFile.Ports(21, 22, 23, 23);
    private static final BrokerFile.Ports THREE = new BrokerFile.Ports(31, 32, 33, 33);

    @Test
    void threeBrokersKeepThreeCopiesOfWhichTwoMustHaveARecord() {
        Properties second = BrokerFile.of(2, List.of(ONE, TWO, THREE));
        assertThat(second)
                .containsEntry("node.id", "2")
                .containsEntry("controller.quorum.voters", "1@127.0.0.1:12,2@127.0.0.1:22,3@127.0.0.1:32")
                .containsEntry("default.replication.factor", "3")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("offsets.topic.replication.factor", "3");
    }

    @Test
    void clientsFromOutsideAreToldToComeByTheProxy() {
        Properties only = BrokerFile.of(1, List.of(ONE));
        assertThat(only)
                .containsEntry("listeners", "CLIENT://127.0.0.1:11,OUTSIDE://127.0.0.1:13,CONTROLLER://127.0.0.1:12")
                .containsEntry("advertised.listeners", "CLIENT://127.0.0.1:11,OUTSIDE://127.0.0.1:99")
                .containsEntry("min.insync.replicas", "1");
    }
}

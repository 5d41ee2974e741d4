package io.gradwatch.benchmarks.drill;

import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Settings of one of several brokers on this machine, each of them a controller, too. Pure. */
final class BrokerFile {
    private BrokerFile() {}

    /**
     * Ports of a broker.
     *
     * @param outside of a second listener for clients
     * @param advertised where clients that came by that one are told to come; a proxy's, say
     */
    record Ports(int client, int controller, int outside, int advertised) {}

    /** @param node number of the broker, from 1 */
    static Properties of(int node, List<Ports> all) {
        Ports own = all.get(node - 1);
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", Integer.toString(node));
        p.setProperty(
                "controller.quorum.voters",
                IntStream.rangeClosed(1, all.size())
                        .mapToObj(n -> n + "@127.0.0.1:" + all.get(n - 1).controller())
                        .collect(Collectors.joining(",")));
        p.setProperty(
                "listeners",
                "CLIENT://127.0.0.1:" + own.client() + ",OUTSIDE://127.0.0.1:" + own.outside()
                        + ",CONTROLLER://127.0.0.1:" + own.controller());
        p.setProperty(
                "advertised.listeners",
                "CLIENT://127.0.0.1:" + own.client() + ",OUTSIDE://127.0.0.1:" + own.advertised());
        p.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("inter.broker.listener.name", "CLIENT");
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("log.dirs", "log");

        String copies = Integer.toString(all.size());
        String enough = Integer.toString(all.size() / 2 + 1);
        p.setProperty("default.replication.factor", copies);
        p.setProperty("min.insync.replicas", enough);
        p.setProperty("offsets.topic.replication.factor", copies);
        p.setProperty("offsets.topic.num.partitions", "1");
        p.setProperty("transaction.state.log.replication.factor", copies);
        p.setProperty("transaction.state.log.min.isr", enough);
        p.setProperty("transaction.state.log.num.partitions", "1");
        p.setProperty("share.coordinator.state.topic.replication.factor", copies);
        p.setProperty("share.coordinator.state.topic.min.isr", enough);
        p.setProperty("share.coordinator.state.topic.num.partitions", "1");

        p.setProperty("auto.create.topics.enable", "false");
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("num.network.threads", "2");
        p.setProperty("num.io.threads", "4");
        p.setProperty("background.threads", "2");
        p.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        return p;
    }
}

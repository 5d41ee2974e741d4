package io.gradwatch.launcher.broker;

import java.util.Properties;

/** Kafka's configuration for a single broker that is its own controller, on the loopback interface. */
final class BrokerSettings {
    private BrokerSettings() {}

    /** For a broker whose working directory is the one that holds its storage. */
    static Properties of(BrokerIdentity identity) {
        Properties p = new Properties();
        String client = "127.0.0.1:" + identity.port();
        String controller = "127.0.0.1:" + identity.controllerPort();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", "1");
        p.setProperty("controller.quorum.voters", "1@" + controller);
        p.setProperty("listeners", "CLIENT://" + client + ",CONTROLLER://" + controller);
        p.setProperty("advertised.listeners", "CLIENT://" + client);
        p.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("inter.broker.listener.name", "CLIENT");
        p.setProperty("controller.listener.names", "CONTROLLER");
        // a relative path: Kafka would take an absolute one with a comma in it for two
        p.setProperty("log.dirs", "log");

        // one broker
        p.setProperty("offsets.topic.replication.factor", "1");
        p.setProperty("offsets.topic.num.partitions", "1");
        p.setProperty("transaction.state.log.replication.factor", "1");
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("transaction.state.log.num.partitions", "1");
        p.setProperty("share.coordinator.state.topic.replication.factor", "1");
        p.setProperty("share.coordinator.state.topic.min.isr", "1");
        p.setProperty("share.coordinator.state.topic.num.partitions", "1");

        // the service creates the topics, with their configuration
        p.setProperty("auto.create.topics.enable", "false");
        p.setProperty("group.initial.rebalance.delay.ms", "0");

        // a few trainers, not a data centre
        p.setProperty("num.network.threads", "2");
        p.setProperty("num.io.threads", "4");
        p.setProperty("background.threads", "2");
        p.setProperty("log.cleaner.dedupe.buffer.size", "4194304");

        // after a kill the new broker waits until the old one's session has ended: 12 s with Kafka's defaults
        p.setProperty("broker.session.timeout.ms", "1500");
        p.setProperty("broker.heartbeat.interval.ms", "300");
        return p;
    }
}

package io.gradwatch.launcher.broker;

import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka cluster that somebody else runs.
 *
 * @param bootstrap {@code HOST:PORT}, or several with commas between them
 * @param configuration file with more client settings (security, for one); null for none
 */
public record KafkaAddress(String bootstrap, @Nullable Path configuration) {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final String HOST_AND_PORT = "[^\\s,:]+:\\d{1,5}|\\[[0-9a-fA-F:.]+]:\\d{1,5}";
    private static final Pattern FORM = Pattern.compile("(?:" + HOST_AND_PORT + ")(?:,(?:" + HOST_AND_PORT + "))*");

    /** Whether it can be a cluster's address; says nothing about whether one answers there. */
    public static boolean isWellFormed(String bootstrap) {
        return FORM.matcher(bootstrap).matches();
    }

    /**
     * The address that the options name.
     *
     * @param bootstrap option {@code --kafka}; null takes {@code bootstrap.servers} of the file
     * @param configuration option {@code --kafka-config}
     * @throws Problem the address is malformed or missing, or the file cannot be read
     */
    public static KafkaAddress of(@Nullable String bootstrap, @Nullable Path configuration) {
        String address = bootstrap;
        if (address == null && configuration != null) {
            address = read(configuration).getProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
            if (address == null) {
                throw Problem.usage("--kafka-config " + configuration
                        + " names no bootstrap.servers; add it there or give --kafka HOST:PORT");
            }
        }
        if (address == null || !isWellFormed(address)) {
            throw Problem.usage(
                    "--kafka is \"" + address + "\"; accepted is HOST:PORT, or several with commas between them");
        }
        if (configuration != null) {
            read(configuration);
        }
        return new KafkaAddress(address, configuration == null ? null : configuration.toAbsolutePath());
    }

    /**
     * Returns when the cluster has answered; blocks for five seconds at most.
     *
     * @throws Problem it has not, or refused us
     */
    public void requireAnswer() {
        Properties settings = settings();
        String patience = Long.toString(PATIENCE.toMillis());
        settings.setProperty(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, patience);
        settings.setProperty(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience);
        settings.setProperty(AdminClientConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, patience);
        try (Admin admin = Admin.create(settings)) {
            try {
                admin.describeCluster().nodes().get(PATIENCE.toMillis() + 500, TimeUnit.MILLISECONDS);
            } finally {
                admin.close(Duration.ZERO);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TimeoutException ? silent() : refused(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw silent();
        } catch (KafkaException e) {
            throw refused(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failure("Interrupted while waiting for Kafka at " + bootstrap);
        }
    }

    /**
     * Settings for a client: those of the file, and the address.
     *
     * @throws Problem the file cannot be read any more
     */
    public Properties settings() {
        Properties settings = configuration == null ? new Properties() : read(configuration);
        settings.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return settings;
    }

    private Problem silent() {
        return Problem.usage("Kafka at " + bootstrap + " does not answer within "
                + (PATIENCE.toSeconds() + 1)
                + " s. Check the address and that it is running, or leave --kafka out to use the embedded broker");
    }

    private Problem refused(@Nullable Throwable reason) {
        return Problem.usage("Kafka at " + bootstrap + " cannot be used: "
                + (reason == null ? "unknown reason" : reason.getMessage()));
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties;
        } catch (IOException | IllegalArgumentException e) {
            throw Problem.usage("--kafka-config " + file + " cannot be read"
                    + (Files.exists(file) ? ": " + e.getMessage() : ": there is no such file")
                    + "; accepted is a Java properties file with Kafka client settings");
        }
    }
}

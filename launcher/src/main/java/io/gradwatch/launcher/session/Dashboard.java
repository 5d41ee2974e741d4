package io.gradwatch.launcher.session;

import io.gradwatch.launcher.broker.Ports;
import io.gradwatch.launcher.terminal.Problem;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the service listens, and by which rules it judges.
 *
 * @param host name or address of an interface of this machine
 * @param port 0 for any free one
 * @param rules file of the alert rules; null: that of the data directory
 * @param tlsCertificate PEM file of its certificate; null: not encrypted
 * @param tlsKey PEM file of the key; null without a certificate
 */
public record Dashboard(
        String host,
        int port,
        @Nullable Path rules,
        @Nullable Path tlsCertificate,
        @Nullable Path tlsKey) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 8080;

    /**
     * @throws Problem there is no such port, host or file
     */
    public Dashboard {
        if (port < 0 || port > 65_535) {
            throw Problem.usage("--port is " + port + "; accepted is 1 to 65535, or 0 for any free port");
        }
        address(host);
        requirePem("--tls-cert", tlsCertificate);
        requirePem("--tls-key", tlsKey);
        if ((tlsCertificate == null) != (tlsKey == null)) {
            throw Problem.usage((tlsKey == null ? "--tls-key" : "--tls-cert")
                    + " is missing; accepted are both of --tls-cert and --tls-key, or none");
        }
        if (rules != null && !Files.isRegularFile(rules)) {
            throw Problem.usage("--rules is \"" + rules
                    + "\", which is no file; accepted is a file of rules, which may be" + " empty");
        }
    }

    /**
     * Refuses early what the service would refuse when it has started.
     *
     * @throws Problem the port is taken, or the host is not of this machine
     */
    public void requireFree() {
        InetAddress address = address(host);
        if (Ports.isFree(address, port)) {
            return;
        }
        if (!Ports.isFree(address, 0)) {
            throw Problem.usage("--host is \"" + host + "\"; accepted is an address of this machine, 127.0.0.1 for"
                    + " this machine alone and 0.0.0.0 for all that reach it");
        }
        throw Problem.usage(
                port < 1024 && port > 0
                        ? "Port " + port + " of " + host + " cannot be used: it is taken, or reserved to the system."
                                + " Choose another one with --port N"
                        : "Port " + port + " of " + host + " is in use by another program. Choose another one with"
                                + " --port N, or --port 0 for any free one");
    }

    private static void requirePem(String option, @Nullable Path file) {
        if (file != null && !Files.isReadable(file)) {
            throw Problem.usage(option + " is \"" + file + "\", which cannot be read; accepted is a PEM file");
        }
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw Problem.usage("--host is \"" + host + "\", which is not known; accepted is a name or an address of"
                    + " this machine");
        }
    }
}

package io.gradwatch.launcher.command;

import io.gradwatch.launcher.session.Dashboard;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --host}, {@code --port} and {@code --rules}. */
final class DashboardOptions {
    @Option(
            names = "--port",
            paramLabel = "N",
            converter = Port.class,
            defaultValue = "" + Dashboard.DEFAULT_PORT,
            description = "Port of the dashboard; 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = Dashboard.DEFAULT_HOST,
            description = "Address that the dashboard listens on (default: ${DEFAULT-VALUE}, this machine alone).")
    private String host = Dashboard.DEFAULT_HOST;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Alert rules of your own and changes in the standard ones (default: rules.yaml of the data"
                    + " directory, which need not be there); see docs/alerts.md.")
    private @Nullable Path rules;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Serve the dashboard encrypted, with the certificate in this PEM file; needs --tls-key.")
    private @Nullable Path tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM.")
    private @Nullable Path tlsKey;

    Dashboard dashboard() {
        return new Dashboard(host, port, rules, tlsCertificate, tlsKey);
    }

    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new TypeConversionException(
                    "\"" + value + "\"; accepted is a whole number from 1 to 65535, or 0 for any free port");
        }
    }
}

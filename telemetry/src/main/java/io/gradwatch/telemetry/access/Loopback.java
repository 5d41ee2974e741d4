package io.gradwatch.telemetry.access;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which names and addresses no other machine can mean. */
public final class Loopback {
    private static final Pattern IPV4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");
    private static final Pattern NUMBERS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private Loopback() {}

    /** Whether a server on this host is reached by its own machine alone. A name other than localhost is not looked up: no. */
    public static boolean is(String host) {
        String name = bare(host);
        return name.equalsIgnoreCase("localhost")
                || name.equals("::1")
                || name.equals("0:0:0:0:0:0:0:1")
                || IPV4.matcher(name).matches();
    }

    /**
     * Whether a browser cannot have been led to this host by somebody else's name: an address, or localhost. A name could be
     * one that its owner lets point to 127.0.0.1, to have pages of his speak to a service there.
     */
    public static boolean isNobodysName(String host) {
        String name = bare(host);
        return name.equalsIgnoreCase("localhost")
                || name.toLowerCase(Locale.ROOT).endsWith(".localhost")
                || name.indexOf(':') >= 0
                || NUMBERS.matcher(name).matches();
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}

package io.gradwatch.telemetry.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down those who guess: after {@link #FREE} wrong tokens from an address each further one makes it wait, twice as long as
 * the one before, a minute at most. Times are passed in. Not safe for several threads.
 */
final class Attempts {
    /** Wrong tokens that cost nothing: people mistype. */
    static final int FREE = 5;

    static final long FIRST_WAIT_MS = 1_000;
    static final long LONGEST_WAIT_MS = 60_000;

    /** After so long without a wrong token all is forgotten. */
    static final long FORGOTTEN_AFTER_MS = 15 * 60_000;

    private static final int MOST_ADDRESSES = 10_000;
    private static final int PREFIX_BYTES = 8;

    private record Failures(int count, long lastMs) {
        long waitsUntil() {
            if (count <= FREE) {
                return lastMs;
            }
            return lastMs + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(count - FREE - 1, 16));
        }
    }

    private final Map<String, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /** Milliseconds until a token from this address is looked at again; 0: now. */
    long waitMs(String address, long nowMs) {
        Failures failures = byAddress.get(key(address));
        return failures == null ? 0 : Math.max(0, failures.waitsUntil() - nowMs);
    }

    void failed(String address, long nowMs) {
        byAddress.merge(
                key(address),
                new Failures(1, nowMs),
                (old, one) -> nowMs - old.lastMs() > FORGOTTEN_AFTER_MS ? one : new Failures(old.count() + 1, nowMs));
    }

    void succeeded(String address) {
        byAddress.remove(key(address));
    }

    /** Who has one IPv6 address has 2^64 of them: they count as one. */
    static String key(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            InetAddress parsed = InetAddress.getByName(address.replaceFirst("%.*", ""));
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), PREFIX_BYTES))
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}

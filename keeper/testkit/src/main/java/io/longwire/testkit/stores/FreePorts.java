package io.longwire.testkit.stores;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on loopback that nobody listens on. They lie below the range from which the kernel takes the ports of outgoing
 * connections, so a server that was killed gets its port again when it restarts. A port is not reserved: another
 * process may take it first, so that whoever starts something on it tries again with another.
 */
public final class FreePorts {
    private static final int FIRST = 15_000;
    private static final int END = 32_000;

    private FreePorts() {}

    /** A port that was free a moment ago. */
    public static int next() {
        for (int tries = 0; tries < 1_000; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (free(port)) {
                return port;
            }
        }
        throw new StoreException("port: none of 1000 tried is free (expected: one in " + FIRST + "-" + END + ")");
    }

    /** Whether a server could listen on the port now. */
    public static boolean free(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}

package io.longwire.sdk.transport;

/** Opens wires. Called by the loop; answers on the loop. */
public interface Dialer {
    /**
     * Connects, with the TLS handshake where the address has TLS.
     *
     * @return what gives the dial up; afterwards the listener hears nothing
     */
    Dial dial(Address address, long timeoutMillis, DialListener listener);

    /** Whether there is an app to go through, and the last dial did not, because that app must not read. */
    default boolean passesOver() {
        return false;
    }

    /** A dial under way. */
    interface Dial {
        /** Gives it up; without effect once the listener was told. */
        void cancel();
    }

    /** How a dial ends: exactly one of the two, on the loop. */
    interface DialListener {
        /**
         * The wire is open. Bytes are read once {@link OpenWire#start} was called; a wire that is not wanted must be
         * closed.
         */
        void onOpen(OpenWire wire);

        /** There is no wire. */
        void onFailed(String reason);
    }

    /** An open wire that nobody reads yet. */
    interface OpenWire extends Wire {
        /** Starts reading; once. */
        void start(Listener listener);

        /**
         * The endpoint of the app through whose connection this wire goes: bindings on it are delegations to that
         * endpoint. 0 = the wire leads to a room itself.
         */
        default long host() {
            return 0;
        }

        /** Whether that app must not read: bindings say so, and nothing readable is taken. */
        default boolean sealedOnly() {
            return false;
        }
    }
}

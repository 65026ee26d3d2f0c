package io.longwire.saver.ledger;

import io.longwire.rpc.saver.DeliveryClass;

/** The ledger's {@code kind} of a message: its delivery class in the low bits, and flags. */
public final class MessageKind {
    private static final int CLASS = 0x0f;
    private static final int HEADLESS = 0x10;
    private static final int REVOKE = 0x20;
    static final int TRACED = 0x40;

    private MessageKind() {
    }

    /**
     * @param headless the payload stands in the head of the message id
     * @param revoke it takes back another message
     */
    public static int of(DeliveryClass delivery, boolean headless, boolean revoke) {
        return (delivery.getNumber() & CLASS) | (headless ? HEADLESS : 0) | (revoke ? REVOKE : 0);
    }

    /** The same of a message that may have a trace in its envelope. */
    public static int traced(int kind, boolean has) {
        return has ? kind | TRACED : kind;
    }

    public static boolean traced(int kind) {
        return (kind & TRACED) != 0;
    }

    public static boolean headless(int kind) {
        return (kind & HEADLESS) != 0;
    }

    public static boolean revoke(int kind) {
        return (kind & REVOKE) != 0;
    }

    /** Accepted by a replica of Redis before the ledger had it. */
    public static boolean fast(int kind) {
        return (kind & CLASS) == DeliveryClass.FAST_VALUE;
    }
}

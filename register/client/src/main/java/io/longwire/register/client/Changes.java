package io.longwire.register.client;

import io.longwire.rpc.register.SessionChange;
import io.longwire.rpc.register.SessionResult;

import org.jspecify.annotations.Nullable;

/** Session changes and their results, to and from the wire. */
final class Changes {
    private Changes() {
    }

    static SessionChange put(long endpointId, long connSeq, long handle) {
        return SessionChange.newBuilder().setKind(SessionChange.Kind.PUT).setEndpointId(endpointId).setConnSeq(connSeq)
                .setHandle(handle).build();
    }

    static SessionChange remove(long endpointId, long connSeq) {
        return SessionChange.newBuilder().setKind(SessionChange.Kind.REMOVE).setEndpointId(endpointId)
                .setConnSeq(connSeq).build();
    }

    static SessionChange flushBegin(int slot) {
        return SessionChange.newBuilder().setKind(SessionChange.Kind.FLUSH_BEGIN).setSlot(slot).build();
    }

    static SessionChange flushEnd(int slot) {
        return SessionChange.newBuilder().setKind(SessionChange.Kind.FLUSH_END).setSlot(slot).build();
    }

    /** The answer to a put; null if the owner did not act on it. */
    static @Nullable PutResult putResult(@Nullable SessionResult result) {
        if (result == null) {
            return null;
        }
        return switch (result.getCode()) {
            case STORED -> PutResult.STORED;
            case DISPLACED -> new PutResult.Displaced(Session.of(result.getOther()));
            case INCUMBENT -> new PutResult.Incumbent(Session.of(result.getOther()));
            default -> null;
        };
    }

    /** Whether the owner acted on a remove, whatever it found. */
    static boolean removed(@Nullable SessionResult result) {
        return result != null && switch (result.getCode()) {
            case REMOVED, SUPERSEDED, ABSENT -> true;
            default -> false;
        };
    }

    static boolean flushed(@Nullable SessionResult result) {
        return result != null && result.getCode() == SessionResult.Code.FLUSHED;
    }

    static boolean full(@Nullable SessionResult result) {
        return result != null && result.getCode() == SessionResult.Code.FULL;
    }
}

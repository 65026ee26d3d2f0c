package io.longwire.register.rpc;

import io.longwire.register.table.SessionEntry;
import io.longwire.rpc.register.LookupResult;
import io.longwire.rpc.register.Session;
import io.longwire.rpc.register.SessionResult;

/** Answers as they go on the wire; those without a session are made once. */
final class Answers {
    static final SessionResult STORED = result(SessionResult.Code.STORED);
    static final SessionResult REMOVED = result(SessionResult.Code.REMOVED);
    static final SessionResult SUPERSEDED = result(SessionResult.Code.SUPERSEDED);
    static final SessionResult ABSENT = result(SessionResult.Code.ABSENT);
    static final SessionResult FLUSHED = result(SessionResult.Code.FLUSHED);
    static final SessionResult NOT_OWNER = result(SessionResult.Code.NOT_OWNER);
    static final SessionResult FENCED = result(SessionResult.Code.FENCED);
    static final SessionResult FULL = result(SessionResult.Code.FULL);

    static final LookupResult UNKNOWN = LookupResult.newBuilder().setState(LookupResult.State.UNKNOWN).build();
    static final LookupResult OFFLINE_BY_TIME = LookupResult.newBuilder().setState(LookupResult.State.OFFLINE).build();
    static final LookupResult OFFLINE_BY_FLUSH = LookupResult.newBuilder().setState(LookupResult.State.OFFLINE)
            .setCompleteByFlush(true).build();

    private Answers() {
    }

    static SessionResult displaced(SessionEntry other) {
        return SessionResult.newBuilder().setCode(SessionResult.Code.DISPLACED).setOther(session(other)).build();
    }

    static SessionResult incumbent(SessionEntry other) {
        return SessionResult.newBuilder().setCode(SessionResult.Code.INCUMBENT).setOther(session(other)).build();
    }

    static LookupResult online(SessionEntry found) {
        return LookupResult.newBuilder().setState(LookupResult.State.ONLINE).setSession(session(found)).build();
    }

    private static Session session(SessionEntry entry) {
        return Session.newBuilder().setEndpointId(entry.endpointId()).setConnSeq(entry.connSeq())
                .setRoomIncarnation(entry.roomIncarnation()).setHandle(entry.handle()).build();
    }

    private static SessionResult result(SessionResult.Code code) {
        return SessionResult.newBuilder().setCode(code).build();
    }
}

package io.longwire.register.client;

import io.longwire.rpc.register.SessionBatch;
import io.longwire.rpc.register.SessionBatchReply;
import io.longwire.rpc.register.SessionChange;
import io.longwire.rpc.register.SessionResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** A register that stores what it is told and erases by flush, without looking at conn_seq; or refuses. */
final class FakeOwner {
    final Map<Long, Long> sessions = new HashMap<>();
    final List<String> heard = new ArrayList<>();
    final List<Integer> flushed = new ArrayList<>();
    final Set<Integer> wanted = new HashSet<>();
    final Set<Integer> incarnations = new HashSet<>();
    long epoch;
    /** What a put is answered instead of being stored. */
    SessionResult.@Nullable Builder putAnswer;
    /** Refuses puts as a full queue does. */
    boolean refusesPuts;
    private final Set<Integer> populated = new HashSet<>();
    private final Map<Integer, Set<Long>> begun = new HashMap<>();

    FakeOwner(FakeRpc rpc, String name) {
        rpc.behave(name + ":1", batch -> answer((SessionBatch) batch));
    }

    @Nullable
    Object answer(SessionBatch batch) {
        epoch = batch.getStamp().getMapEpoch();
        incarnations.add(batch.getRoomIncarnation());
        SessionChange change = batch.getChanges(0);
        if (change.getKind() == SessionChange.Kind.PUT && refusesPuts) {
            return null;
        }
        var reply = SessionBatchReply.newBuilder().addResults(apply(change)).addAllFlushWanted(wanted);
        wanted.clear();
        return reply.build();
    }

    private SessionResult.Builder apply(SessionChange change) {
        return switch (change.getKind()) {
            case PUT -> put(change);
            case REMOVE -> remove(change);
            case FLUSH_BEGIN -> {
                begun.put(change.getSlot(), new HashSet<>());
                yield code(SessionResult.Code.FLUSHED);
            }
            case FLUSH_END -> end(change.getSlot());
            case UNRECOGNIZED -> throw new IllegalArgumentException("kind: " + change.getKindValue());
        };
    }

    private SessionResult.Builder put(SessionChange change) {
        long endpointId = change.getEndpointId();
        heard.add("put " + endpointId + "/" + change.getConnSeq());
        if (putAnswer != null) {
            return putAnswer;
        }
        sessions.put(endpointId, change.getConnSeq());
        populated.add(SessionWriter.slotOf(endpointId));
        begun.getOrDefault(SessionWriter.slotOf(endpointId), new HashSet<>()).add(endpointId);
        return code(SessionResult.Code.STORED);
    }

    private SessionResult.Builder remove(SessionChange change) {
        heard.add("remove " + change.getEndpointId() + "/" + change.getConnSeq());
        boolean there = sessions.remove(change.getEndpointId(), change.getConnSeq());
        return code(there ? SessionResult.Code.REMOVED : SessionResult.Code.ABSENT);
    }

    private SessionResult.Builder end(int slot) {
        Set<Long> seen = begun.remove(slot);
        if (seen == null) {
            return code(SessionResult.Code.FENCED);
        }
        if (populated.contains(slot)) {
            sessions.keySet().removeIf(id -> SessionWriter.slotOf(id) == slot && !seen.contains(id));
        }
        flushed.add(slot);
        return code(SessionResult.Code.FLUSHED);
    }

    private static SessionResult.Builder code(SessionResult.Code code) {
        return SessionResult.newBuilder().setCode(code);
    }
}

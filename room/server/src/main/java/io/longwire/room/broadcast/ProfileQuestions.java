package io.longwire.room.broadcast;

import io.longwire.room.fetch.StillHere;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Session;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.saver.MatchProfilesReply;
import io.longwire.rpc.saver.MatchProfilesRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only profiles tell of the sessions that one broadcast may be for: asked 1,000 at a time, at most 4 calls under
 * way. Names sessions by handle, endpoint and conn_seq, so that one which has gone meanwhile is not found. Owner: the
 * loop.
 */
final class ProfileQuestions {
    static final int BATCH = 1000;
    static final int IN_FLIGHT = 4;

    /** Sessions, and at first whose turn came at a login. */
    static final class Batch {
        final long[] handles = new long[BATCH];
        final long[] endpoints = new long[BATCH];
        final long[] epochs = new long[BATCH];
        final int[] online = new int[BATCH];
        final boolean[] logins = new boolean[BATCH];
        int count;

        void add(Connection connection, Session session, boolean login, int now) {
            online[count] = StillHere.onlineSeconds(session, now);
            handles[count] = connection.handle();
            endpoints[count] = session.endpointId();
            epochs[count] = session.connSeq();
            logins[count++] = login;
        }
    }

    /** Takes answers; on the loop. */
    interface Answers {
        /** @param holds aligned with the batch; null = not known */
        void answered(Batch batch, @Nullable MatchProfilesReply holds);
    }

    private final WalkTools tools;
    private final int appId;
    private final List<Audience> conditions;
    private final Answers answers;
    private @Nullable Batch open;
    private int inFlight;

    ProfileQuestions(WalkTools tools, int appId, List<Audience> conditions, Answers answers) {
        this.tools = tools;
        this.appId = appId;
        this.conditions = conditions;
        this.answers = answers;
    }

    /** No further question can be taken before an answer comes. */
    boolean isFull() {
        return open != null && open.count == BATCH && inFlight == IN_FLIGHT;
    }

    boolean isIdle() { return open == null && inFlight == 0; }

    /** The caller has seen that it is not full. */
    void ask(Connection connection, Session session, boolean login) {
        Batch batch = open;
        if (batch == null) {
            batch = new Batch();
            open = batch;
        }
        if (batch.count == BATCH) {
            flush();
            ask(connection, session, login);
            return;
        }
        batch.add(connection, session, login, tools.loop.now());
        if (batch.count == BATCH) {
            flush();
        }
    }

    /** Sends what was asked so far, if there is a place. */
    void flush() {
        Batch batch = open;
        if (batch == null || inFlight == IN_FLIGHT) {
            return;
        }
        open = null;
        inFlight++;
        var request = MatchProfilesRequest.newBuilder().setAppId(appId).addAllConditions(conditions);
        for (int i = 0; i < batch.count; i++) {
            request.addEndpointIds(batch.endpoints[i]).addOnlineS(batch.online[i]);
        }
        tools.store.matchProfiles(request.build()).whenComplete((reply, failure) -> tools.loop.mailbox().answer(() -> {
            boolean known = failure == null && reply.getHoldsCount() == batch.count;
            if (!known) {
                tools.questionsFailed.increment();
            }
            inFlight--;
            answers.answered(batch, known ? reply : null);
        }));
    }
}

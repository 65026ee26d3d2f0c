package io.longwire.room.broadcast;

import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.saver.MatchProfilesReply;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Counts the sessions of an app on one loop, and those in an audience, a chunk at a time. Without an answer about some
 * profiles, or after 10 s, there is no count. Owner: the loop.
 */
final class AudienceCount {
    private static final int PLACES = 4096;
    private static final int DEADLINE_TICKS = 10 * Loop.TICKS_PER_SECOND;

    private final WalkTools tools;
    private final int appId;
    private final CompiledAudience audience;
    private final CompletableFuture<CountReply> answer;
    private final @Nullable ProfileQuestions questions;
    private final int begun;
    private int cursor;
    private long sessions;
    private long matching;
    private boolean failed;
    private boolean done;

    /** @param answer fails when profiles could not be asked */
    AudienceCount(WalkTools tools, int appId, CompiledAudience audience, CompletableFuture<CountReply> answer) {
        this.tools = tools;
        this.appId = appId;
        this.audience = audience;
        this.answer = answer;
        this.begun = tools.loop.now();
        this.questions = audience.needsProfile()
                ? new ProfileQuestions(tools, appId, audience.profileConditions(), this::onProfiles)
                : null;
    }

    boolean isDone() { return done; }

    /** One chunk; returns whether there is more to do at once. */
    boolean step() {
        if (tools.loop.now() - begun >= DEADLINE_TICKS) {
            done = true; // who asked does not wait any more
            answer.completeExceptionally(new IllegalStateException("count: late (expected: within 10 s)"));
            return false;
        }
        int end = Math.min(cursor + PLACES, tools.loop.table().placesUsed());
        for (; cursor < end; cursor++) {
            if (questions != null && questions.isFull()) {
                return false;
            }
            Connection connection = tools.loop.table().connectionAt(cursor);
            Session session = connection == null ? null : connection.ofApp(appId);
            if (connection != null && session != null && connection.phase() == Connection.LIVE) {
                count(connection, session);
            }
        }
        if (cursor < tools.loop.table().placesUsed()) {
            return true;
        }
        if (questions != null && !questions.isIdle()) {
            questions.flush();
        } else {
            done = true;
            if (failed) {
                answer.completeExceptionally(new IllegalStateException("profiles: not known (expected: a saver)"));
            } else {
                answer.complete(CountReply.newBuilder().setSessions(sessions).setMatching(matching).build());
            }
        }
        return false;
    }

    private void count(Connection connection, Session session) {
        sessions++;
        if (audience.mayMatch(connection.traits(), session.appVersion(), session.endpointId())) {
            if (questions == null) {
                matching++;
            } else {
                questions.ask(connection, session, false);
            }
        }
    }

    private void onProfiles(ProfileQuestions.Batch batch, @Nullable MatchProfilesReply holds) {
        failed |= holds == null;
        for (int i = 0; i < batch.count && holds != null; i++) {
            if (tools.loop.table().at(batch.handles[i]) instanceof Connection connection) {
                Session session = connection.find(batch.endpoints[i]);
                if (session != null && audience.matches(connection.traits(), session.appVersion(),
                        session.endpointId(), holds.getHolds(i))) {
                    matching++;
                }
            }
        }
        tools.wake.run();
    }
}

package io.longwire.room.control;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.Reply;
import io.longwire.room.fetch.Fetcher;
import io.longwire.room.resume.Parking;
import io.longwire.room.session.CloseReason;
import io.longwire.room.session.Connection;
import io.longwire.room.session.EndpointRate;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.room.session.Window;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Does or answers what a control item asks, on the loop of the session it means. */
public final class Controls {
    private static final int REPLACED_RETRY_MILLIS = 60_000;
    private static final int REPLIES_AT_ONCE = 50;
    private static final Duration REPLY_STEP = Duration.ofMillis(50);
    private static final int REMEMBERED = 64 * 1024;

    /** The CONNECT or BIND of sessions that may have no answer yet. Called on the loop. */
    public interface Answers {
        /** These sessions were ended by the kick. */
        void overrule(Connection connection, List<Long> endpoints, Kick kick);
    }

    private final Loop loop;
    private final Answers answers;
    private final Fetcher fetcher;
    private final Parking parking;
    private final Probes probes;
    private final EndpointRate replies = new EndpointRate(REPLIES_AT_ONCE, REPLY_STEP, REMEMBERED);

    public Controls(Loop loop, Answers answers, Fetcher fetcher, Parking parking, Probes probes) {
        this.loop = loop;
        this.answers = answers;
        this.fetcher = fetcher;
        this.parking = parking;
        this.probes = probes;
    }

    /**
     * Completes the answer now, or within 3 s for a probe.
     *
     * @param connection null if the handle names none
     */
    public void apply(@Nullable Connection connection, ControlItem item,
            CompletableFuture<ControlResult> answer) {
        Session session = connection == null ? null : connection.find(item.getEndpointId());
        if (connection != null && session == null && connection.phase() == Connection.LOGIN) {
            complete(answer, onItsWay(connection, item));
            return;
        }
        boolean meant = session != null && (item.getConnSeq() == 0 || item.getConnSeq() == session.connSeq());
        if (connection == null || session == null || (!meant && item.getKind() != ControlItem.Kind.DROP)) {
            complete(answer, ControlResult.Code.NOT_HERE);
            return;
        }
        switch (item.getKind()) {
            case FETCH -> complete(answer, fetch(connection, session));
            case DROP -> complete(answer, drop(connection, session, item.getBelowConnSeq()));
            case KICK -> {
                end(connection, session, kick(item));
                complete(answer, ControlResult.Code.DONE);
            }
            case KICK_CONNECTION -> {
                end(connection, kick(item).build());
                complete(answer, ControlResult.Code.DONE);
            }
            case PROBE -> probe(connection, answer);
            case ASK -> answer.complete(told(connection, session, item.getMessageId()));
            case REPLY -> complete(answer, reply(connection, session, item));
            case UNRECOGNIZED -> complete(answer, ControlResult.Code.BUSY);
        }
    }

    /** The phone has just come back, and its sessions may be on their way to it from another loop. */
    private static ControlResult.Code onItsWay(Connection connection, ControlItem item) {
        return switch (item.getKind()) {
            case FETCH -> {
                connection.mark(Connection.MISSED_PUSH);
                yield ControlResult.Code.PARKED;
            }
            case PROBE -> ControlResult.Code.ALIVE;
            case ASK, REPLY -> ControlResult.Code.PARKED;
            case KICK, KICK_CONNECTION -> ControlResult.Code.BUSY;
            case DROP, UNRECOGNIZED -> ControlResult.Code.NOT_HERE;
        };
    }

    private ControlResult.Code fetch(Connection connection, Session session) {
        if (session.is(Session.NOT_READY)) {
            session.set(Session.OWES);
            return ControlResult.Code.NOT_READY;
        }
        fetcher.owe(connection, session);
        return connection.phase() == Connection.PARKED ? ControlResult.Code.PARKED : ControlResult.Code.DONE;
    }

    /**
     * Nothing is kept of one that cannot be written now: whoever brings it may come again. Apps share the connection
     * of a phone, so one that is slow, or answered too often, gets none.
     */
    private ControlResult.Code reply(Connection connection, Session session, ControlItem item) {
        if (connection.phase() != Connection.LIVE) {
            return ControlResult.Code.PARKED;
        }
        if (!connection.marked(Connection.REPLIES) || item.getBody().size() > Limits.REPLY_BYTES
                || session.is(Session.SEALED_ONLY)) {
            return ControlResult.Code.NOT_READY;
        }
        if (!connection.writable() || replies.take(session.endpointId(), loop.now()) > 0) {
            return ControlResult.Code.BUSY;
        }
        loop.out().frame(connection, FrameType.REPLY, Reply.newBuilder().setEndpointId(session.endpointId())
                .setSeq(item.getSeq()).setCode(item.getCode()).setBody(item.getBody()).setText(item.getText()).build());
        return ControlResult.Code.DONE;
    }

    /** What is known here of a message and its phone; times to 50 ms. */
    private ControlResult told(Connection connection, Session session, long messageId) {
        Window window = connection.window();
        int at = window == null ? -1 : window.find(session, messageId);
        ControlResult.Code code = connection.phase() == Connection.PARKED
                ? ControlResult.Code.PARKED
                : session.is(Session.NOT_READY) ? ControlResult.Code.NOT_READY : ControlResult.Code.DONE;
        return ControlResult.newBuilder().setCode(code)
                .setWrittenMs(window == null || at < 0 ? 0 : window.writtenMillis(at))
                .setBoundMs(loop.wallMillis(session.boundTick())).setHeardMs(loop.wallMillis(connection.receivedTick()))
                .setWindow(session.inWindow()).build();
    }

    static void complete(CompletableFuture<ControlResult> answer, ControlResult.Code code) {
        answer.complete(ControlResult.newBuilder().setCode(code).build());
    }

    private ControlResult.Code drop(Connection connection, Session session, long below) {
        if (session.connSeq() >= below) {
            return ControlResult.Code.NOT_HERE;
        }
        end(connection, session, Kick.newBuilder().setCode(Code.REPLACED).setRetryAfterMs(REPLACED_RETRY_MILLIS));
        return ControlResult.Code.DONE;
    }

    private void probe(Connection connection, CompletableFuture<ControlResult> answer) {
        if (connection.phase() == Connection.LOGIN) {
            complete(answer, ControlResult.Code.ALIVE); // it has just spoken
        } else if (connection.link() == null) {
            complete(answer, ControlResult.Code.SILENT);
        } else {
            probes.ask(connection, answer);
        }
    }

    private static Kick.Builder kick(ControlItem item) {
        return Kick.newBuilder().setCode(item.getCode()).setRetryAfterMs(item.getRetryAfterMs())
                .setText(item.getText());
    }

    private void end(Connection connection, Session session, Kick.Builder kick) {
        long endpointId = session.endpointId();
        Kick told = kick.addEndpointIds(endpointId).build();
        if (connection.phase() == Connection.LIVE) {
            loop.out().frame(connection, FrameType.KICK, told);
        }
        parking.unbind(connection, session);
        answers.overrule(connection, List.of(endpointId), told);
    }

    // One that is still logging in loses what it has bound so far, and is told so by the answer to its CONNECT.
    private void end(Connection connection, Kick kick) {
        if (connection.phase() == Connection.LIVE) {
            loop.out().frame(connection, FrameType.KICK, kick);
            parking.close(connection, CloseReason.KICKED);
        } else if (connection.phase() == Connection.PARKED) {
            parking.end(connection);
        } else {
            var ended = new ArrayList<Long>();
            for (int i = connection.places() - 1; i >= 0; i--) {
                if (connection.place(i).bound()) {
                    ended.add(connection.place(i).endpointId());
                    parking.unbind(connection, connection.place(i));
                }
            }
            answers.overrule(connection, ended, kick);
        }
    }
}

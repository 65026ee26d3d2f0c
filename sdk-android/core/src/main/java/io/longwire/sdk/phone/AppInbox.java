package io.longwire.sdk.phone;

import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.sdk.policy.Dedupe;
import io.longwire.sdk.store.MessageLog;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The way of a message into one app: stored by the loop, which may then ack it; shown by the app's own thread, one
 * after the other. An app that is not running, or is stuck with {@link #BACKLOG} messages, lets the others alone: what
 * comes for it is DEFERRED, stays on the server, and is asked for again when the app is ready.
 *
 * <p>Shown once: the log notes "showing" before the app is called and "shown" when it has returned. Only a process that
 * ends in between leaves a doubt; that message is shown again, marked as in doubt. Of a collapse key nothing older is
 * shown after something newer, and nothing after its revocation; the log decides both, at the moment of showing.
 */
public final class AppInbox {
    /** Messages stored and not shown that make an app "stuck". */
    public static final int BACKLOG = 64;
    /** A stuck app is ready again at so few. */
    static final int DRAINED = 16;
    /** After a failed write the next one is tried so much later. */
    static final long DISK_RETRY_MILLIS = 60_000;

    /** Shows messages; called on the app's thread, never two at a time. */
    public interface Handler {
        /**
         * @param again the process ended during an earlier call with this message
         * @return false when the app is not running: the message is kept, the app counts as paused
         * @throws Exception a bug of the app; the message counts as shown
         */
        boolean onMessage(MessageLog.Stored message, boolean again) throws Exception;

        /**
         * A message that was given out is taken back; perhaps a second time, after the process has ended in a call.
         *
         * @throws Exception a bug of the app; the call is not repeated
         */
        default void onRevoked(long messageId) throws Exception {
        }
    }

    /** Told, on the loop, that it takes messages again after it had deferred some: the room must know. */
    interface Events {
        void onReady(AppInbox inbox);
    }

    private final Parts parts;
    private final MessageLog log;
    private final Executor appThread;
    private final Handler handler;
    private final Events events;

    private final AtomicInteger round = new AtomicInteger(); // tasks of an earlier round are void
    private boolean running = true; // loop
    private boolean deferred; // loop: the server holds back messages for this app

    AppInbox(Parts parts, MessageLog log, Executor appThread, Handler handler, Events events) {
        this.parts = parts;
        this.log = log;
        this.appThread = appThread;
        this.handler = handler;
        this.events = events;
    }

    /** Hands out what an earlier process stored and did not show. */
    void start() {
        handOut();
    }

    /** Takes a message and says what to ack. */
    AckStatus offer(Push push) {
        long now = parts.time.nowMillis();
        if (push.getKind() == PushKind.KIND_REVOKE) {
            return revoke(push, now);
        }
        if (log.contains(push.getMessageId()) || push.getKind() == PushKind.KIND_CONTROL || isExpired(push, now)) {
            passed(push, now);
            return AckStatus.ACK_STORED;
        }
        if (isClosedFor()) {
            deferred = true;
            return AckStatus.ACK_DEFERRED;
        }
        try {
            if (log.store(push, keepUntil(push, now), now)) {
                hand(push.getMessageId(), false);
            }
            return AckStatus.ACK_STORED;
        } catch (IOException full) {
            return noRoom(full);
        }
    }

    // What was not given out goes without a word to the app, so it may be paused for that.
    private AckStatus revoke(Push push, long now) {
        long revoked = push.getReplaces();
        if (log.contains(push.getMessageId()) || revoked <= 0) {
            passed(push, now);
            return log.isOpened(revoked) ? AckStatus.ACK_REVOKE_LATE : AckStatus.ACK_STORED;
        }
        if (log.isGiven(revoked) && !log.isOpened(revoked) && isClosedFor()) {
            deferred = true;
            return AckStatus.ACK_DEFERRED;
        }
        try {
            MessageLog.Revocation outcome = log.revoke(push, keepUntil(push, now), now);
            if (outcome == MessageLog.Revocation.TOLD && running) {
                hand(push.getMessageId(), false);
            }
            shownOne(); // one less may wait now
            return outcome == MessageLog.Revocation.LATE ? AckStatus.ACK_REVOKE_LATE : AckStatus.ACK_STORED;
        } catch (IOException full) {
            return noRoom(full);
        }
    }

    // Not stored, and not needed; a broadcast that is not remembered would come at every login.
    private void passed(Push push, long now) {
        try {
            log.passed(push, keepUntil(push, now));
        } catch (IOException full) {
            parts.storeProblem(full);
        }
    }

    private boolean isClosedFor() { return !running || log.unshownCount() >= BACKLOG; }

    /**
     * The app says what became of a message.
     *
     * @param flag {@link Dedupe#SHOWN} or {@link Dedupe#CLICKED}
     * @return whether there is something to send
     */
    boolean report(long messageId, int flag) {
        long lost = log.lostReports();
        try {
            boolean news = log.report(messageId, flag);
            if (log.lostReports() != lost) {
                parts.events.onProblem("receipts: too many wait, the oldest was dropped (expected: a connection)");
            }
            return news;
        } catch (IOException full) {
            parts.storeProblem(full);
            return true;
        }
    }

    /** The app is not running: what comes is deferred, what is stored waits. */
    void pause() {
        running = false;
        round.incrementAndGet();
    }

    /** The app runs again: gets what is stored, then the server is told. */
    void resume() {
        if (!running) {
            running = true;
            round.incrementAndGet();
            handOut();
        }
        tellReady();
    }

    boolean isRunning() { return running; }

    /** Ends the handing out; the message being shown is let be. */
    void close() {
        running = false;
        round.incrementAndGet();
    }

    private void handOut() {
        for (MessageLog.Stored one : log.unshown()) {
            hand(one.push().getMessageId(), one.inDoubt());
        }
    }

    private void hand(long id, boolean inDoubt) {
        int handedIn = round.get();
        appThread.execute(() -> show(id, inDoubt, handedIn));
    }

    // On the app's thread from here.
    private void show(long id, boolean inDoubt, int handedIn) {
        MessageLog.Stored waiting = log.unshown(id);
        if (handedIn != round.get() || waiting == null) {
            return;
        }
        boolean taken = true;
        Push push = waiting.push();
        if (push.getKind() == PushKind.KIND_REVOKE || !isExpired(push, parts.time.nowMillis())) {
            MessageLog.Stored one = showing(id);
            if (one == null) {
                parts.loop.execute(this::shownOne);
                return;
            }
            taken = call(one, inDoubt);
        }
        try {
            if (taken) {
                log.shown(id);
            } else if (!inDoubt) {
                log.declined(id); // one in doubt stays so: an earlier call may have shown it
            }
        } catch (IOException full) {
            problem("message log: " + full.getMessage() + " (expected: room to note what was shown)");
        }
        parts.loop.execute(taken ? this::shownOne : this::pause);
    }

    private MessageLog.@Nullable Stored showing(long id) {
        try {
            return log.showing(id);
        } catch (IOException full) {
            // Better shown twice after a kill than not at all now.
            problem("message log: " + full.getMessage() + " (expected: room to note what is shown)");
            return log.unshown(id);
        }
    }

    private boolean call(MessageLog.Stored one, boolean inDoubt) {
        try {
            if (one.push().getKind() == PushKind.KIND_REVOKE) {
                handler.onRevoked(one.push().getReplaces());
                return true;
            }
            return handler.onMessage(one, inDoubt);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError bug) {
            problem("listener: " + bug + " (expected: no exception; the message counts as shown)");
            return true;
        }
    }

    private void problem(String what) {
        parts.loop.execute(() -> parts.events.onProblem(what));
    }

    // Back on the loop.
    private void shownOne() {
        if (running && log.unshownCount() <= DRAINED) {
            tellReady();
        }
    }

    private void tellReady() {
        if (deferred) {
            deferred = false;
            events.onReady(this);
        }
    }

    private AckStatus noRoom(IOException full) {
        parts.events.onProblem("message log: " + full.getMessage() + " (expected: room to store a message)");
        if (!deferred) {
            deferred = true;
            parts.loop.after(DISK_RETRY_MILLIS, this::shownOne);
        }
        return AckStatus.ACK_DEFERRED;
    }

    private static boolean isExpired(Push push, long now) {
        return push.getExpireAtMs() > 0 && push.getExpireAtMs() <= now;
    }

    private static long keepUntil(Push push, long now) {
        return Math.max(push.getExpireAtMs(), now) + Dedupe.KEEP_MILLIS;
    }
}

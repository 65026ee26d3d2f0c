package io.longwire.sdk.phone;

import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.sdk.policy.Dedupe;
import io.longwire.sdk.store.MessageLog;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way of a message into one app: stored by the loop, which may then ack it; shown by the app's own thread, one
 * after the other. An app that is not running, or is stuck with {@link #BACKLOG} messages, lets the others alone: what
 * comes for it is DEFERRED, stays on the server, and is asked for again when the app is ready.
 *
 * <p>Shown once: the log notes "showing" before the app is called and "shown" when it has returned. Only a process that
 * ends in between leaves a doubt; that message is shown again, marked as in doubt.
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
         * @param inDoubt the process ended during an earlier call with this message
         * @return false when the app is not running: the message is kept, the app counts as paused
         * @throws Exception a bug of the app; the message counts as shown
         */
        boolean onMessage(Push push, boolean inDoubt) throws Exception;
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
        if (log.contains(push.getMessageId())) {
            return AckStatus.ACK_STORED;
        }
        if (push.getKind() == PushKind.KIND_CONTROL || isExpired(push, now)) {
            return AckStatus.ACK_STORED;
        }
        if (!running || log.unshownCount() >= BACKLOG) {
            deferred = true;
            return AckStatus.ACK_DEFERRED;
        }
        try {
            log.store(push, keepUntil(push, now), now);
        } catch (IOException full) {
            return noRoom(full);
        }
        if (push.getReplaces() == 0 || !takeBack(push)) {
            hand(push, false);
        }
        return AckStatus.ACK_STORED;
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
            hand(one.push(), one.inDoubt());
        }
    }

    private void hand(Push push, boolean inDoubt) {
        int handedIn = round.get();
        appThread.execute(() -> show(push, inDoubt, handedIn));
    }

    // On the app's thread from here.
    private void show(Push push, boolean inDoubt, int handedIn) {
        long id = push.getMessageId();
        if (handedIn != round.get()) {
            return;
        }
        boolean taken = true;
        if (!isExpired(push, parts.time.nowMillis())) {
            if (!isToBeShown(id)) {
                return;
            }
            taken = call(push, inDoubt);
        }
        try {
            if (taken) {
                log.shown(id);
            } else {
                log.declined(id);
            }
        } catch (IOException full) {
            problem("message log: " + full.getMessage() + " (expected: room to note what was shown)");
        }
        parts.loop.execute(taken ? this::shownOne : this::pause);
    }

    private boolean isToBeShown(long id) {
        try {
            return log.showing(id);
        } catch (IOException full) {
            // Better shown twice after a kill than not at all now.
            problem("message log: " + full.getMessage() + " (expected: room to note what is shown)");
            return true;
        }
    }

    private boolean call(Push push, boolean inDoubt) {
        try {
            return handler.onMessage(push, inDoubt);
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

    // A message that was not shown yet goes, and its revocation with it; one that was needs its revocation shown.
    private boolean takeBack(Push push) {
        MessageLog.Stored earlier = log.unshown(push.getReplaces());
        if (earlier == null || earlier.inDoubt()) {
            return false;
        }
        try {
            log.shown(push.getReplaces());
            if (push.getKind() == PushKind.KIND_REVOKE) {
                log.shown(push.getMessageId());
                return true;
            }
        } catch (IOException full) {
            parts.storeProblem(full);
        }
        return false;
    }

    private static boolean isExpired(Push push, long now) {
        return push.getExpireAtMs() > 0 && push.getExpireAtMs() <= now;
    }

    private static long keepUntil(Push push, long now) {
        return Math.max(push.getExpireAtMs(), now) + Dedupe.KEEP_MILLIS;
    }
}

package io.longwire.sdk.phone;

import io.longwire.sdk.loop.TimerSlot;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.policy.ReconnectPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of the next try. Without a network it does not run, without internet it runs slowly, and nothing of the
 * phone's own shortens what a server asked for. Belongs to the loop.
 */
final class Retry {
    private static final int REDIRECTS_MAX = 3;
    private static final long NEVER = Long.MAX_VALUE;

    private final Parts parts;
    private final ReconnectPolicy reconnect;
    private final Runnable go;
    private final TimerSlot timer;
    private Network network = Network.UNTOLD;
    private long notBefore; // a server's word
    private long dueAt;
    private long darkUntil = NEVER; // the backoff that runs on without a network, and without a timer
    private int redirects; // that were followed at once
    private boolean works; // a room was reached on this network, whatever the system says of it

    Retry(Parts parts, ReconnectPolicy reconnect, Runnable go) {
        this.parts = parts;
        this.reconnect = reconnect;
        this.go = go;
        this.timer = new TimerSlot(parts.loop);
    }

    void network(Network now) {
        works &= now.key().equals(network.key());
        network = now;
    }

    boolean isSet() { return timer.isSet(); }

    void cancel() {
        timer.cancel();
    }

    /** The network ended in the middle of a try, which so counts as one that failed. */
    void interrupted() {
        darkUntil = parts.now() + reconnect.failed(0);
    }

    /** There is no network any more: no timer runs, and what was left of the wait passes all the same. */
    void goDark() {
        darkUntil = timer.isSet() ? dueAt : darkUntil;
        timer.cancel();
    }

    /**
     * How long to wait on a network that is another one: until it has settled, when the backoff is over anyway;
     * otherwise the backoff is gone around, once in 30 s.
     */
    long onAnother() {
        long settle = reconnect.settleMillis();
        long left = darkUntil == NEVER ? NEVER : Math.max(0, darkUntil - parts.now());
        darkUntil = NEVER;
        return left <= settle ? settle : Math.min(left, reconnect.bypass(parts.now()));
    }

    /** A room accepted us: what servers asked before is done with. */
    void connected() {
        notBefore = 0;
        darkUntil = NEVER;
        redirects = 0;
        works = true;
    }

    /**
     * How long to wait after a try that failed.
     *
     * @param why null = nobody answered
     * @param overtakes whether a sequence above the incumbent's is there
     * @param elsewhere whether another room may be tried
     */
    long afterRefusal(@Nullable Refusal why, boolean overtakes, boolean elsewhere) {
        if (why == null) {
            return reconnect.failed(0);
        }
        if (why.cure() == Refusal.Cure.OVERTAKE && overtakes) {
            return 0;
        }
        if (why.isRedirect() && redirects < REDIRECTS_MAX && elsewhere) {
            redirects++;
            return 0;
        }
        return reconnect.failed(why.isAboutRoom() && elsewhere ? 0 : asked(why.waitMillis()));
    }

    /** A server asked for so long; returned as it is. */
    long asked(long waitMillis) {
        notBefore = parts.now() + Math.min(waitMillis, ReconnectPolicy.RETRY_AFTER_MAX_MILLIS);
        return waitMillis;
    }

    /** The next try is so much later, unless one waits already. */
    void after(long waitMillis, String reason, boolean tell) {
        if (timer.isSet()) {
            return;
        }
        boolean none = network.isNone();
        long wait = works || network.isValidated() ? waitMillis : Math.max(waitMillis, ReconnectPolicy.PORTAL_MILLIS);
        darkUntil = none ? parts.now() + waitMillis : NEVER;
        set(none ? 0 : wait, none ? network.toString() : reason, tell);
    }

    /** The next try is so soon, unless it is sooner anyway. */
    void soon(long waitMillis, String reason, boolean tell) {
        long wait = Math.max(waitMillis, notBefore - parts.now());
        if (timer.isSet() && dueAt <= parts.now() + wait) {
            return;
        }
        timer.cancel();
        set(wait, reason, tell);
    }

    private void set(long millis, String reason, boolean tell) {
        if (tell) {
            parts.events.onStatus(PhoneStatus.waiting(millis, reason));
        }
        if (!network.isNone()) {
            dueAt = parts.now() + millis;
            timer.set(millis, go);
        }
    }
}

package io.longwire.sdk.policy;

/**
 * When to ping, when the connection is in doubt, and when it counts as dead. Any byte sent or received restarts the
 * interval; any byte received answers the ping, because it proves the same. One instance per connection; what it learns
 * of the network goes to the {@link Ladder}, which outlives it.
 *
 * <p>A silence is evidence only as it was, not as it was planned: an answered ping that came late, because Doze held
 * the timer, proves the longer silence; an unanswered one that came late proves nothing, because a process that was
 * frozen looks the same. A check that comes much later than it was due leads to a fresh ping and never to a verdict:
 * bytes may wait unread in the socket. For the same reason bytes that are read after a freeze prove no life, however
 * long it takes to read them: then only the answer to a ping that was sent since does, known by its number.
 *
 * <p>What is to be answered is waited for once it can have left the phone: a ping behind 16 kB on a slow network is
 * under way for 16 s.
 */
public final class Heartbeat {
    /** What a check says. */
    public enum Verdict {
        /** Nothing to do before {@link #dueAt}. */
        QUIET,
        /** Send a ping now. */
        PING,
        /** Send a ping with a number of its own now, and call {@link #proved} when that one is answered. */
        PROVE,
        /** The answer is late: have another connection ready. Told once for each ping. */
        DOUBT,
        /** No byte came in time: leave this connection. */
        DEAD
    }

    /** While the user looks silences are no longer: a dead connection is to be found before it is missed. */
    public static final long INTERVAL_FOREGROUND_MILLIS = 240_000;

    private static final long INTERVAL_MIN_MILLIS = 1_000;
    private static final long INTERVAL_MAX_MILLIS = 1_800_000;
    private static final long NEVER = Long.MAX_VALUE;
    /** What must be answered and is not makes a ping after so long; with its time-out in the front less than 10 s. */
    private static final long EXPECT_MILLIS = 1_500;
    private static final long RECENT_MILLIS = 10_000;
    private static final long FROZEN_MILLIS = 10_000;
    /** Bytes after a long silence may be older than a sleep that is told of so soon after them. */
    private static final long BACKLOG_MILLIS = 500;
    /** A ping behind more than that measures the queue and not the network. */
    private static final long QUEUE_MILLIS = 1_000;
    /** A room closes a connection without CONNECT after 8 s, so a spare one is begun no earlier before the verdict. */
    private static final long SPARE_MILLIS = 6_000;

    private final Ladder ladder;
    private final Pace pace;
    private final Backlog backlog;
    private final long fixedTimeoutMillis;
    private boolean foreground;
    private long fixedMillis; // the server wants this interval, whatever the ladder says; 0 = it does not
    private long minMillis = INTERVAL_MIN_MILLIS;
    private long maxMillis = INTERVAL_MAX_MILLIS;
    private long patienceMillis = INTERVAL_MAX_MILLIS; // the room's, less a third
    private long plannedMillis;
    private int plannedRung = Ladder.NONE;

    private long srttMillis;
    private long lastTraffic;
    private long lastReceived; // what is sent first after a sleep says nothing of it
    private long pingedAt = -1;
    private long pingGoneAt; // the ping that is out has left by then
    private long silenceMillis; // before the ping that is out
    private boolean quick;
    private boolean doubted;
    private boolean late; // the ping that is out proves nothing by failing
    private boolean frozen; // nor by being answered
    private boolean asked;
    private boolean proving; // no byte counts until the ping that is asked for, or out, is answered itself
    private long burstAt = -1; // bytes ended a long silence, or the process's sleep
    private long expectedBy = NEVER; // an answer to something other than a ping

    /**
     * @param fixedTimeoutMillis wait so long for the answer to a ping; 0 = by network and measured round trip time
     */
    public Heartbeat(Ladder ladder, Pace pace, long fixedTimeoutMillis, long nowMillis) {
        this(ladder, pace, fixedTimeoutMillis, 0, nowMillis);
    }

    /**
     * As above, where the network has been measured before.
     *
     * @param srttMillis the smoothed round trip time of its pings; 0 = not known
     */
    public Heartbeat(Ladder ladder, Pace pace, long fixedTimeoutMillis, long srttMillis, long nowMillis) {
        this.ladder = ladder;
        this.pace = pace;
        this.backlog = new Backlog(pace);
        this.fixedTimeoutMillis = fixedTimeoutMillis;
        this.srttMillis = srttMillis;
        this.lastTraffic = nowMillis;
        this.lastReceived = nowMillis;
        plan(nowMillis);
    }

    /**
     * What CONNECT_ACK says, in seconds; 0 = not said. A server that names less than the lowest rung wants exactly that
     * and nothing searched. The interval stays within 2/3 of the server's patience.
     */
    public void hints(long minSeconds, long maxSeconds, long hintSeconds, long serverIdleSeconds, long nowMillis) {
        minMillis = clamp(minSeconds * 1_000, INTERVAL_MIN_MILLIS, INTERVAL_MAX_MILLIS);
        maxMillis = clamp(maxSeconds > 0 ? maxSeconds * 1_000 : INTERVAL_MAX_MILLIS, INTERVAL_MIN_MILLIS,
                INTERVAL_MAX_MILLIS);
        if (serverIdleSeconds > 0) {
            patienceMillis = clamp(serverIdleSeconds * 2_000 / 3, INTERVAL_MIN_MILLIS, INTERVAL_MAX_MILLIS);
        }
        long lowest = Ladder.millis(0);
        boolean below = (hintSeconds > 0 && hintSeconds * 1_000 < lowest) || maxMillis < lowest;
        fixedMillis = below ? hintSeconds > 0 ? hintSeconds * 1_000 : maxMillis : 0;
        ladder.limits(minSeconds, maxSeconds, hintSeconds);
        plan(nowMillis);
    }

    /** What PONG says: ping again after so many seconds; 0 = unchanged. */
    public void next(long seconds, long nowMillis) {
        if (seconds > 0) {
            fixedMillis = seconds * 1_000;
            plan(nowMillis);
        }
    }

    /** What to tell the room, in seconds; 0 = nothing, it chose the interval itself. */
    public long proposedSeconds(long nowMillis) {
        return fixedMillis > 0 ? 0 : ladder.proposedSeconds(nowMillis);
    }

    /** What a ping said the room shall expect; it waits half as long again. */
    public void proposed(long seconds, long nowMillis) {
        patienceMillis = clamp(seconds * 1_000, patienceMillis, INTERVAL_MAX_MILLIS);
        plan(nowMillis);
    }

    /** Whether the user looks: silences are shorter then, and answers must come sooner. */
    public void foreground(boolean looks, long nowMillis) {
        foreground = looks;
        plan(nowMillis);
    }

    /** Makes the next check ping, and judges that ping quickly: the app came to the front, perhaps out of a freeze. */
    public void ask(long nowMillis) {
        doubt(nowMillis);
        quick = true;
    }

    /**
     * The process slept, or may have: asks for a ping, and takes nothing for evidence until it is answered.
     */
    public void woke(long nowMillis) {
        late = true;
        frozen = true;
        boolean pinged = pingedAt >= 0 && nowMillis - pingedAt < RECENT_MILLIS;
        if (!pinged && mayHaveSlept(nowMillis)) {
            asked = true;
            proving = true;
        }
    }

    /** Something was not answered in its time: makes the next check ping, whoever looks. */
    public void doubt(long nowMillis) {
        if (pingedAt < 0 && !asked) {
            asked = true;
            proving = mayHaveSlept(nowMillis);
        }
    }

    private boolean mayHaveSlept(long nowMillis) {
        boolean backlog = burstAt >= 0 && nowMillis - burstAt < BACKLOG_MILLIS;
        return backlog || nowMillis - lastReceived >= RECENT_MILLIS;
    }

    /** Bytes were handed to the socket. */
    public void sent(int bytes, long nowMillis) {
        lastTraffic = nowMillis;
        backlog.sent(bytes, nowMillis);
    }

    /** What of it may not have left yet. */
    public Backlog backlog() {
        return backlog;
    }

    /**
     * Something was sent that the room answers when it is done. While the user looks, silence for 1.5 s after it can
     * have left makes a ping, which the room must answer: a dead connection is found when it is used.
     */
    public void expects(long nowMillis) {
        if (foreground && pingedAt < 0 && expectedBy == NEVER) {
            expectedBy = backlog.goneAt(nowMillis) + EXPECT_MILLIS;
        }
    }

    /** Bytes came. Returns whether they answered a ping. */
    public boolean received(long nowMillis) {
        if (nowMillis - lastReceived >= RECENT_MILLIS) {
            burstAt = nowMillis;
        }
        lastTraffic = nowMillis;
        lastReceived = nowMillis;
        return !proving && answered(nowMillis);
    }

    /** The ping of {@link Verdict#PROVE} is answered, or need not be. Returns whether a ping was out. */
    public boolean proved(long nowMillis) {
        boolean awaited = proving && !asked;
        proving &= asked;
        return awaited && answered(nowMillis);
    }

    private boolean answered(long nowMillis) {
        asked = false;
        quick = false;
        expectedBy = NEVER;
        if (pingedAt < 0) {
            late = false;
            frozen = false;
            return false;
        }
        if (!frozen) {
            if (pingGoneAt - pingedAt <= QUEUE_MILLIS) {
                long rtt = Math.max(0, nowMillis - pingedAt);
                srttMillis = srttMillis == 0 ? rtt : (7 * srttMillis + rtt) / 8;
            }
            int survived = Ladder.rungOf(silenceMillis);
            if (survived != Ladder.NONE) {
                ladder.ok(survived);
            }
        }
        pingedAt = -1;
        late = false;
        frozen = false;
        plan(nowMillis);
        return true;
    }

    /** A ping is sent now for another reason; its answer proves as much. */
    public void pinged(long nowMillis) {
        if (pingedAt < 0 && !proving) {
            begin(nowMillis);
        }
    }

    /** To be called at {@link #dueAt}; the caller does what it says. */
    public Verdict check(long nowMillis) {
        long due = dueAt();
        if (nowMillis < due) {
            return Verdict.QUIET;
        }
        if (pingedAt < 0 || asked) {
            begin(nowMillis);
            return proving ? Verdict.PROVE : Verdict.PING;
        }
        long deadAt = pingGoneAt + timeoutMillis();
        if (nowMillis - due >= FROZEN_MILLIS) {
            begin(nowMillis);
            late = true;
            frozen = true;
            proving = true;
            return Verdict.PROVE;
        }
        if (nowMillis >= deadAt) {
            return Verdict.DEAD;
        }
        doubted = true;
        return Verdict.DOUBT;
    }

    private void begin(long nowMillis) {
        silenceMillis = nowMillis - lastTraffic;
        late |= 4 * silenceMillis > 5 * plannedMillis;
        pingedAt = nowMillis;
        pingGoneAt = backlog.goneAt(nowMillis);
        lastTraffic = nowMillis;
        asked = false;
        expectedBy = NEVER;
        doubted = false;
    }

    /** When {@link #check} has something to say; moves with the traffic. */
    public long dueAt() {
        if (asked) {
            return 0;
        }
        if (pingedAt >= 0) {
            long deadAt = pingGoneAt + timeoutMillis();
            return doubted ? deadAt : Math.max(pingGoneAt + timeoutMillis() / 2, deadAt - SPARE_MILLIS);
        }
        return Math.min(expectedBy, lastTraffic + plannedMillis);
    }

    /**
     * The rung that did not hold, asked when the connection ended: a ping was out, after the silence that was planned.
     * {@link Ladder#NONE} when the end says nothing of the network's memory.
     */
    public int failedRung() {
        boolean asPlanned = 10 * silenceMillis >= 9 * plannedMillis && !late;
        return pingedAt >= 0 && asPlanned ? plannedRung : Ladder.NONE;
    }

    /** Whether a ping is out, or is to be sent at once. */
    public boolean isAwaiting() {
        return pingedAt >= 0 || asked;
    }

    /** How long an answer may take, once the ping has left. */
    public long timeoutMillis() {
        return fixedTimeoutMillis > 0 ? fixedTimeoutMillis : pace.pingMillis(srttMillis, foreground, quick);
    }

    /** The interval in use. */
    public long intervalMillis() {
        return plannedMillis;
    }

    /** The smoothed round trip time; 0 = not known. */
    public long srttMillis() {
        return srttMillis;
    }

    private void plan(long nowMillis) {
        plannedRung = fixedMillis > 0 ? Ladder.NONE : ladder.next(nowMillis);
        long wanted = fixedMillis > 0 ? fixedMillis : Ladder.millis(plannedRung);
        long most = Math.min(maxMillis, patienceMillis);
        plannedMillis = Math.min(most, Math.max(minMillis, wanted));
        if (foreground) {
            plannedMillis = Math.min(plannedMillis, INTERVAL_FOREGROUND_MILLIS);
        }
        if (plannedRung != Ladder.NONE && plannedMillis < Ladder.millis(plannedRung)) {
            plannedRung = Ladder.rungOf(plannedMillis);
        }
    }

    private static long clamp(long value, long min, long max) {
        return Math.min(max, Math.max(min, value));
    }
}

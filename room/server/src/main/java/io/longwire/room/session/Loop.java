package io.longwire.room.session;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One event loop's share of the room: its connections, their timers, the bytes on their way out. Everything but
 * {@link #mailbox()} and {@link #index()} belongs to the loop's thread. Time is counted in ticks of 50 ms since the
 * loop began (24 bits of it last 9 days, 31 bits 3 years).
 */
public final class Loop {
    public static final int TICK_MILLIS = 50;
    public static final int TICKS_PER_SECOND = 1000 / TICK_MILLIS;
    private static final int SPARE_WINDOWS = 1024;

    private final int index;
    private final Clock clock;
    private final LoopThread thread;
    private final Mailbox mailbox;
    private final ConnectionTable table;
    private final Wheel wheel;
    private final Out out = new Out(this);
    private final ArrayDeque<Window> spareWindows = new ArrayDeque<>();
    private final long begin;
    private Connection[] touched = new Connection[64];
    private int touchedCount;
    private Runnable beforeFlush = () -> {
    };
    private int now;

    /** @param onBug counts a task that threw; any thread */
    public Loop(int index, Clock clock, LoopThread thread, int mailboxCapacity, Runnable onBug) {
        this.index = index;
        this.clock = clock;
        this.thread = thread;
        this.table = new ConnectionTable(index);
        this.wheel = new Wheel(table);
        this.begin = clock.nanos();
        this.mailbox = new Mailbox(thread, mailboxCapacity, this::endOfBatch, onBug);
    }

    public int index() {
        return index;
    }

    public Clock clock() {
        return clock;
    }

    public Mailbox mailbox() {
        return mailbox;
    }

    public ConnectionTable table() {
        return table;
    }

    public Wheel wheel() {
        return wheel;
    }

    public Out out() {
        return out;
    }

    public boolean here() {
        return thread.here();
    }

    /** The tick of the current batch of work. */
    public int now() {
        return now;
    }

    /** Reads the clock; called when a batch of work begins. */
    public int sample() {
        now = (int) ((clock.nanos() - begin) / (TICK_MILLIS * 1_000_000L));
        return now;
    }

    /** The wall time of a tick, to 50 ms. */
    public long wallMillis(int tick) {
        return clock.wallMillis() - (long) (now - tick) * TICK_MILLIS;
    }

    /** Ticks of a time, rounded up. */
    public static int ticks(Duration time) {
        return (int) Math.min((time.toMillis() + TICK_MILLIS - 1) / TICK_MILLIS, Integer.MAX_VALUE / 4);
    }

    /** Advances the wheel to the present. */
    public void tick(Consumer<Connection> woken) {
        wheel.advance(sample(), woken);
    }

    /** Work put off to the end of each batch, before bytes are flushed. */
    public void beforeFlush(Runnable work) {
        beforeFlush = work;
    }

    /** Runs what was put off and flushes every connection that got bytes since the last time. */
    public void endOfBatch() {
        assert here();
        beforeFlush.run();
        for (int i = 0; i < touchedCount; i++) {
            Connection connection = touched[i];
            connection.unmark(Connection.TOUCHED);
            Link link = connection.link();
            if (link != null) {
                link.flush();
            }
        }
        Arrays.fill(touched, 0, touchedCount, null);
        touchedCount = 0;
    }

    void touch(Connection connection) {
        if (!connection.marked(Connection.TOUCHED)) {
            connection.mark(Connection.TOUCHED);
            if (touchedCount == touched.length) {
                touched = Arrays.copyOf(touched, 2 * touchedCount);
            }
            touched[touchedCount++] = connection;
        }
    }

    /** The connection's window, made when there is none. */
    public Window windowOf(Connection connection) {
        Window window = connection.window();
        if (window == null) {
            Window spare = spareWindows.poll();
            window = spare == null ? new Window() : spare;
            connection.window(window);
        }
        return window;
    }

    /** Takes an empty window back. */
    public void releaseIfEmpty(Connection connection) {
        Window window = connection.window();
        if (window != null && window.count() == 0) {
            connection.window(null);
            if (spareWindows.size() < SPARE_WINDOWS) {
                spareWindows.push(window);
            }
        }
    }
}

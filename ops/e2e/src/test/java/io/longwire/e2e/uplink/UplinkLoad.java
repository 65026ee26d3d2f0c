package io.longwire.e2e.uplink;

import io.longwire.e2e.phone.Phone;
import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.LongwireException;
import io.longwire.sdk.Uplink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Phones that speak, in turn and at a rate that nothing slows down, whatever is away. What becomes of it is booked. */
final class UplinkLoad implements AutoCloseable {
    private static final long STEP_NANOS = 2_000_000;

    private final List<Phone> phones;
    private final String type;
    private final double perSecond;
    private final UplinkBooks books;
    private final AtomicInteger sent = new AtomicInteger();
    private final long began = Clock.system().nanos();
    private final Thread thread;
    private volatile boolean running = true;

    /** Begins. */
    UplinkLoad(List<Phone> phones, String type, double perSecond, UplinkBooks books) {
        this.phones = List.copyOf(phones);
        this.type = type;
        this.perSecond = perSecond;
        this.books = books;
        this.thread = Thread.ofPlatform().name("uplink-load").start(this::send);
    }

    int sent() {
        return sent.get();
    }

    /** What was really sent a second, from the beginning to now. */
    double rate() {
        return sent.get() / ((Clock.system().nanos() - began) / 1e9);
    }

    /** Waits until so many more have been sent. */
    void awaitSent(int more, Duration limit) {
        int goal = sent.get() + more;
        long end = Clock.system().nanos() + limit.toNanos();
        while (sent.get() < goal) {
            if (Clock.system().nanos() - end > 0) {
                throw new AssertionError("sent: " + sent + " (expected: " + goal + " within " + limit + ")");
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    private void send() {
        while (running) {
            long owed = (long) ((Clock.system().nanos() - began) / 1e9 * perSecond);
            while (running && sent.get() < owed) {
                one(sent.getAndIncrement());
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    private void one(int number) {
        Phone phone = phones.get(number % phones.size());
        say(phone, "uplink " + number);
    }

    /** One more, beside the others. */
    void say(Phone phone, String text) {
        books.sent(text);
        try {
            phone.app(0).send(type, text.getBytes(StandardCharsets.UTF_8)).whenDone(result -> settled(text, result));
        } catch (LongwireException refused) {
            books.notTaken(text);
        }
    }

    // KEPT is said by a phone that is restarted: it has it on its disk, will send it, and so it must come, too. Nothing
    // expires within three days.
    private void settled(String text, Uplink.Result result) {
        switch (result.status()) {
            case DURABLE, KEPT -> books.durable(text);
            case FULL, REFUSED, EXPIRED -> books.notTaken(text);
            case REPLIED, TOO_LARGE, TIMEOUT, UNSUPPORTED, STOPPED ->
                throw new IllegalStateException(text + ": " + result + " (expected: nothing was asked)");
        }
    }

    /** Says nothing more. */
    void stop() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}

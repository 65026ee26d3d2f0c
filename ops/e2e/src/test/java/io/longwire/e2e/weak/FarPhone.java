package io.longwire.e2e.weak;

import io.longwire.e2e.weak.Trial.Seen;
import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.ConnectionStatus.State;
import io.longwire.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The phone of a trial in a process of its own: what it prints goes into the trial's books, read by a thread of its
 * own. Its clock is ours.
 */
final class FarPhone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FarPhone.class);
    private static final long LOOK_NANOS = 10_000_000;

    private final Trial trial;
    private final JavaProcess process;
    private final Thread reader;
    private volatile boolean closing;
    private int taken;

    private FarPhone(Trial trial, JavaProcess process) {
        this.trial = trial;
        this.process = process;
        this.reader = Thread.ofVirtual().name("far-phone").start(this::read);
    }

    /** Starts it, and waits until the platform knows it. */
    static FarPhone start(Trial trial, JavaProcess.Options options, Duration limit) {
        var phone = new FarPhone(trial, JavaProcess.start(options));
        trial.endpoint(phone.process.awaitLine("^endpoint (ep_\\S+)$", limit).group(1));
        return phone;
    }

    JavaProcess process() {
        return process;
    }

    private void read() {
        while (!closing) {
            String all = process.output();
            List<String> whole = all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
            for (; taken < whole.size(); taken++) {
                take(whole.get(taken).split(" ", 4));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void take(String[] words) {
        if (words[0].equals("shown")) {
            trial.history().shown(words[1], words[2], words[3]);
        } else if (words[0].equals("state")) {
            long ago = Clock.system().wallMillis() - Long.parseLong(words[1]);
            trial.saw(new Seen(trial.clock.elapsedMillis() - ago, State.valueOf(words[2])));
        }
    }

    /** Ends it where it stands. */
    @Override
    public void close() {
        process.close();
        LOG.info("it said:\n{}", process.output());
        closing = true;
        try {
            reader.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}

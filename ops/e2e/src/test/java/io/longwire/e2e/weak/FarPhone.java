package io.longwire.e2e.weak;

import io.longwire.e2e.weak.Trial.Seen;
import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.ConnectionStatus.State;
import io.longwire.testkit.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The phone of a trial in a process of its own: what it prints goes into the trial's books, read by a thread of its
 * own. Its clock is ours until a test has it run faster.
 */
final class FarPhone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FarPhone.class);
    private static final long LOOK_NANOS = 10_000_000;

    private final Trial trial;
    private final JavaProcess process;
    private final Path files;
    private final Thread reader;
    private volatile boolean closing;
    private int taken;

    private FarPhone(Trial trial, JavaProcess process, Path files) {
        this.trial = trial;
        this.files = files;
        this.process = process;
        this.reader = Thread.ofVirtual().name("far-phone").start(this::read);
    }

    /** Starts it, and waits until the platform knows it. */
    static FarPhone start(Trial trial, JavaProcess.Options options, Duration limit) {
        var phone = new FarPhone(trial, JavaProcess.start(options), Path.of(options.arguments().get(2)));
        trial.far(phone);
        trial.endpoint(phone.process.awaitLine("^endpoint (ep_\\S+)$", limit).group(1));
        return phone;
    }

    JavaProcess process() {
        return process;
    }

    /** Its clock runs so many times as fast as ours from now on, a look of it later. */
    void speed(int times) {
        try {
            PhoneMain.speed(files, times);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
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
            trial.saw(new Seen(at(words[1]), State.valueOf(words[2]), 0, words[3]));
        }
    }

    private long at(String wallMillis) {
        return trial.clock.elapsedMillis() - (Clock.system().wallMillis() - Long.parseLong(wallMillis));
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

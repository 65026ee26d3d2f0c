package io.longwire.keeper.service;

import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Looks at a file every 2 s and calls back when its time or size is another one. The callback runs on the executor; one
 * that throws is called again only after the next change.
 */
public final class FileWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private record Seen(FileTime modified, long size) {
        static final Seen NOTHING = new Seen(FileTime.fromMillis(0), -1);
    }

    private final Path file;
    private final Runnable changed;
    private final Clock.Cancellable timer;
    private volatile Seen seen;

    /** Starts at once; what is read after this returned and then changes is seen. */
    public FileWatch(Path file, Clock clock, Executor executor, Runnable changed) {
        this.file = file;
        this.changed = changed;
        this.seen = look();
        this.timer = clock.every(EVERY, () -> executor.execute(this::check));
    }

    @Override
    public void close() {
        timer.cancel();
    }

    private void check() {
        Seen now = look();
        if (!now.equals(seen) && !now.equals(Seen.NOTHING)) {
            seen = now;
            changed.run();
        }
    }

    private Seen look() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Seen(attributes.lastModifiedTime(), attributes.size());
        } catch (IOException away) {
            return Seen.NOTHING;
        }
    }
}

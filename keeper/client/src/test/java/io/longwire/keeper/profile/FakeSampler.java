package io.longwire.keeper.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An engine that samples nothing: it knows whether it would, and can be taken by somebody else. Thread-safe. */
final class FakeSampler implements Sampler {
    private boolean samples;
    private boolean taken;
    private int begun;

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public synchronized String begin(Event event, Rate rate) {
        if (samples || taken) {
            throw new Busy("profile: already started (expected: nobody else samples in this process)");
        }
        samples = true;
        begun++;
        return event == Event.WALL ? Event.CPU.word() : event.word();
    }

    @Override
    public synchronized long end(Path collapsed, Path html, String title) throws IOException {
        samples = false;
        Files.writeString(collapsed, "a;b 1\n");
        Files.writeString(html, title);
        return 1;
    }

    @Override
    public synchronized void drop() {
        samples = false;
    }

    synchronized boolean samples() {
        return samples;
    }

    /** How often it was begun. */
    synchronized int begun() {
        return begun;
    }

    /** Somebody else has the engine from now on, or no longer. */
    synchronized void taken(boolean byAnother) {
        taken = byAnother;
    }
}

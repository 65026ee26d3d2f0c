package io.longwire.keeper.profile;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What takes samples in this JVM. There is one such engine in a JVM, whoever asks: begin throws {@link Busy} while
 * another one samples. Between begin and end it is owned by one thread.
 */
interface Sampler {
    /** Its name and version. */
    String name();

    /** Begins to sample; returns the event in other words where it samples something near it. */
    String begin(Event event, Rate rate) throws IOException;

    /** Ends, and writes stacks and flame graph; returns how many samples there were. */
    long end(Path collapsed, Path html, String title) throws IOException;

    /** Ends, and forgets what it saw. Does nothing if it does not sample. */
    void drop();

    /** How dense the samples are. */
    enum Rate {
        /** For some seconds on demand. */
        FINE,
        /** For hours, beside the work. */
        SPARSE
    }
}

package io.longwire.keeper.server.console.web;

import io.longwire.keeper.server.console.session.SessionWatch.End;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events to one browser. Used by its request's thread, which made it; blocks while the browser does not
 * read. Once its session is over, nothing of the work goes out any more, and the work is interrupted wherever it waits.
 */
public final class EventStream {
    private final OutputStream out;
    private final Thread thread = Thread.currentThread();
    private volatile @Nullable End end;
    private boolean worked; // guarded by this

    EventStream(OutputStream out) {
        this.out = out;
    }

    /** One event, seen at once. Throws IOException when the browser has gone, or may see no more. */
    public void send(String event, byte[] json) throws IOException {
        notOver();
        write(event, json);
    }

    /** Tells the page that the stream stands, which it cannot see of a comment; finds out whether it is there. */
    public void beat() throws IOException {
        send("beat", "{}".getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the work, from any thread; does not wait for it. */
    synchronized void end(End why) {
        if (!worked) {
            end = why;
            thread.interrupt();
        }
    }

    /** Does the work until it returns, or until the session is over; says so to the browser then. */
    void run(Reply.Work work) throws Exception {
        try {
            work.run(this);
        } catch (Exception broken) {
            if (end == null) {
                throw broken; // else it only tells that it was ended
            }
        } finally {
            worked();
        }
        if (end == End.OVER) {
            write("ended", "{}".getBytes(StandardCharsets.UTF_8));
        }
    }

    // From here on nothing interrupts it.
    private synchronized void worked() {
        worked = true;
        if (end != null) {
            Thread.interrupted(); // so that the last event can be written
        }
    }

    private void notOver() throws IOException {
        if (end != null) {
            throw new IOException("the session is over");
        }
    }

    private void write(String event, byte[] json) throws IOException {
        out.write(("event: " + event + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        out.write(json);
        out.write("\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}

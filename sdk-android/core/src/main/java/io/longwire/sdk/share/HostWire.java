package io.longwire.sdk.share;

import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.transport.Dialer;
import io.longwire.sdk.transport.Wire;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A guest's wire: a pipe to the host. Belongs to the loop; what the host says comes on any thread. */
final class HostWire implements Dialer.OpenWire, Lodging.Back {
    private static final int EARLY_MAX = 64;

    private final Loop loop;
    private final long host;
    private final boolean sealedOnly;
    private final Lodging lodging;
    private final long openedAt;
    private final List<byte[]> early = new ArrayList<>(); // before somebody listens
    private @Nullable Pipe pipe;
    private Wire.@Nullable Listener listener;
    private boolean answered; // the host has said something
    private boolean closed;

    HostWire(Loop loop, Lodging.Host host, Lodging lodging) {
        this.loop = loop;
        this.host = host.endpoint();
        this.sealedOnly = host.isSealedOnly();
        this.lodging = lodging;
        this.openedAt = loop.clock().elapsedMillis();
    }

    void through(Pipe opened) {
        pipe = opened;
    }

    @Override
    public long host() {
        return host;
    }

    @Override
    public boolean sealedOnly() {
        return sealedOnly;
    }

    @Override
    public void start(Wire.Listener hears) {
        listener = hears;
        for (byte[] bytes : early) {
            hears.onBytes(bytes, bytes.length);
        }
        early.clear();
        if (closed) {
            hears.onClosed("the host has gone");
        }
    }

    @Override
    public boolean send(byte[] bytes) {
        Pipe to = pipe;
        return !closed && to != null && to.send(bytes);
    }

    @Override
    public void close(long lingerMillis) {
        shut("closed here"); // what was sent before is with the host already
    }

    @Override
    public void onBytes(byte[] bytes) {
        loop.execute(() -> received(bytes));
    }

    @Override
    public void onEnd(String reason) {
        loop.execute(() -> shut(reason));
    }

    private void received(byte[] bytes) {
        Wire.Listener hears = listener;
        if (closed) {
            return;
        }
        if (!answered) {
            answered = true;
            lodging.answered(this);
        }
        if (hears != null) {
            hears.onBytes(bytes, bytes.length);
        } else if (early.size() < EARLY_MAX) {
            early.add(bytes);
        } else {
            shut("more than " + EARLY_MAX + " parts came before somebody listened"); // a stream with a gap is none
        }
    }

    private void shut(String reason) {
        if (closed) {
            return;
        }
        closed = true;
        lodging.ended(this, loop.clock().elapsedMillis() - openedAt, reason);
        Pipe to = pipe;
        if (to != null) {
            to.close();
        }
        Wire.Listener hears = listener;
        if (hears != null) {
            hears.onClosed(reason);
        }
    }
}

package io.longwire.sdk.phone;

import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import io.longwire.sdk.transport.Wire;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * As {@link io.longwire.sdk.policy.HerdTest}, a thousandth of it, but with whole phones: what the policy says is what
 * the phone does. The room accepts so many connections a second and refuses the rest, as when its accept queue is full.
 */
class HerdOfPhonesTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final int PHONES = 1_000;
    private static final int ACCEPTS_PER_SECOND = 60; // the platform's rooms tell W = 20 s: 1.2 * 1000 / 60
    private static final double QUEUE = 15; // may come at once: a quarter of a second's, for a small herd is uneven
    private static final long MINUTE = 60_000;

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final List<Line> lines = new ArrayList<>();
    private double admit;
    private long admittedAt;
    private boolean limited;

    @AfterEach
    void close() throws IOException {
        for (Line line : lines) {
            line.close();
        }
    }

    @Test
    void wholePhonesComeBackWithinOneAndAHalfTimesWhatTheRoomNeedsByOneConnectionEach() throws IOException {
        for (int i = 0; i < PHONES; i++) {
            lines.add(new Line(new File(directory, "phone-" + i), i % 100 < 3));
        }
        loop.advance(2 * MINUTE);
        assertThat(lines).allMatch(Line::isUp);

        limited = true;
        admittedAt = loop.elapsedMillis();
        long died = loop.elapsedMillis();
        for (Line line : lines) {
            line.die();
        }
        loop.advance(5 * MINUTE);

        assertThat(lines).allMatch(Line::isUp);
        long[] backAfter = lines.stream().mapToLong(line -> line.upAt - died).sorted().toArray();
        assertThat(backAfter[PHONES * 99 / 100]).isLessThanOrEqualTo(1_500 * PHONES / ACCEPTS_PER_SECOND);
        int[] dials = lines.stream().mapToInt(line -> line.dials).sorted().toArray();
        assertThat(dials[PHONES / 2]).as("connections of a phone, the median").isEqualTo(1);
        assertThat((double) Arrays.stream(dials).sum() / PHONES).as("the mean").isLessThan(1.2);
    }

    /** Whether the room takes one more now. */
    private boolean admits() {
        if (!limited) {
            return true;
        }
        long now = loop.elapsedMillis();
        admit = Math.min(QUEUE, admit + ACCEPTS_PER_SECOND * (now - admittedAt) / 1_000.0);
        admittedAt = now;
        if (admit < 1) {
            return false;
        }
        admit--;
        return true;
    }

    /** One phone and its way to the room. */
    private final class Line implements Dialer, AutoCloseable {
        private final PhoneStore store;
        private final Phone phone;
        private @Nullable Passing up;
        private long upAt;
        private int dials;

        Line(File home, boolean looks) throws IOException {
            store = PhoneStore.open(home, false);
            phone = platform.phone(this, store);
            phone.add(APP, "", store.app(7), Runnable::run, (message, again) -> true);
            phone.foreground(looks);
            phone.start();
        }

        boolean isUp() { return up != null; }

        /** The room is gone, and with it the connection. */
        void die() {
            dials = 0;
            Objects.requireNonNull(up).die();
        }

        @Override
        public Dial dial(Address address, long timeoutMillis, DialListener listener) {
            dials++;
            if (admits()) {
                return platform.net.dial(address, timeoutMillis, new DialListener() {
                    @Override
                    public void onOpen(OpenWire wire) {
                        up = new Passing(wire);
                        upAt = loop.elapsedMillis();
                        listener.onOpen(up);
                    }

                    @Override
                    public void onFailed(String reason) {
                        listener.onFailed(reason);
                    }
                });
            }
            loop.execute(() -> listener.onFailed("refused"));
            return () -> {
            };
        }

        @Override
        public void close() throws IOException {
            phone.stop();
            store.close();
        }

        /** A connection that can be cut. */
        private final class Passing implements OpenWire, Wire.Listener {
            private final OpenWire far;
            private @Nullable Listener near;
            private boolean over;

            Passing(OpenWire far) {
                this.far = far;
            }

            void die() {
                Listener told = near;
                end();
                Objects.requireNonNull(told).onClosed("the room has died");
            }

            private void end() {
                over = true;
                if (up == this) {
                    up = null;
                }
            }

            @Override
            public void start(Listener listener) {
                near = listener;
                far.start(this);
            }

            @Override
            public boolean send(byte[] bytes) {
                return over || far.send(bytes);
            }

            @Override
            public void close(long lingerMillis) {
                far.close(lingerMillis);
            }

            @Override
            public void onBytes(byte[] bytes, int length) {
                Listener to = near;
                if (!over && to != null) {
                    to.onBytes(bytes, length);
                }
            }

            @Override
            public void onClosed(String reason) {
                Listener to = near;
                if (!over && to != null) {
                    end();
                    to.onClosed(reason);
                }
            }
        }
    }
}

package io.longwire.sdk;

import io.longwire.device.FrameType;
import io.longwire.device.v1.Ping;
import io.longwire.sdk.loop.SdkClock;
import java.io.File;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.sdk.TestPhone.APP_7;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The whole client finds by itself that its process stood still: nobody calls {@link LongwireClient#woke}. */
class ThawIT {
    @TempDir
    File directory;

    @Test
    void aProcessThatStoodStillAsksTheRoom() throws Exception {
        try (FakePlatform platform = new FakePlatform()) {
            FakeRoom room = platform.room();
            platform.dispatcher.serve(room);
            Jumping clock = new Jumping();
            try (var phone = new TestPhone(platform.dispatcher, directory, one -> one.foreground(false).clock(clock)
                    .awake(clock))) {
                var app = phone.add(APP_7).app();
                phone.start();
                FakeLink link = room.next();
                assertThat(app.awaitOnline(10_000)).isTrue();
                await().until(() -> phone.isOnlineAt(room));

                clock.stoodStill(20_000);
                link.push(platform.message(link.host, 7, "while it stood still"));

                while (link.take(FrameType.PING, Ping.parser()).getEcho() == 0) {
                    // One that told something; a thaw's has a number, for its own answer is waited for.
                    assertThat(link.ended.getCount()).isEqualTo(1);
                }
            }
        }
    }

    /** The time of a process that a test has stand still. */
    private static final class Jumping implements SdkClock {
        private final AtomicLong stood = new AtomicLong();

        void stoodStill(long millis) {
            stood.addAndGet(millis);
        }

        @Override
        public long elapsedMillis() {
            return SdkClock.system().elapsedMillis() + stood.get();
        }

        @Override
        public long wallMillis() {
            return SdkClock.system().wallMillis() + stood.get();
        }
    }
}

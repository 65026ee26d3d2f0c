package io.longwire.sdk.android.share;

import android.os.Looper;
import io.longwire.device.id.MessageId;
import io.longwire.sdk.android.TestPlatform;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.robolectric.Shadows;

import static org.awaitility.Awaitility.await;

/** Keeps messages as the platform does: until they are acked as stored, sending them again where they must come. */
final class KeptMessages {
    static final Duration LONG = Duration.ofSeconds(60);

    /** Every text that was sent. */
    final List<String> sent = new ArrayList<>();
    private final TestPlatform platform;
    private final List<TestPlatform.Line> lines = new ArrayList<>();
    private final Map<Long, Sent> waiting = new LinkedHashMap<>(); // by id, until it is acked as stored

    KeptMessages(TestPlatform platform) {
        this.platform = platform;
    }

    /** A message that the platform keeps. */
    private static final class Sent {
        final int app;
        final String text;
        TestPlatform.@Nullable Line by;

        Sent(int app, String text) {
            this.app = app;
            this.text = text;
        }
    }

    void send(int app, String text) {
        sent.add(text);
        waiting.put(MessageId.of(1_800_000_000_000L, 3, sent.size()), new Sent(app, text));
        deliver();
    }

    /** Whether all were acked as stored. */
    boolean areStored() {
        return waiting.isEmpty();
    }

    // What was not acked goes on the line that the endpoint was bound on last; what was put off goes again.
    private void deliver() {
        platform.lines.drainTo(lines);
        for (TestPlatform.Line line : lines) {
            waiting.keySet().removeAll(line.stored);
        }
        for (Map.Entry<Long, Sent> one : waiting.entrySet()) {
            Sent message = one.getValue();
            long endpoint = platform.endpoints.getOrDefault(message.app, 0L);
            TestPlatform.Line line = lineOf(endpoint);
            if (line == null || (line == message.by && !line.deferred.contains(one.getKey()))) {
                continue;
            }
            try {
                line.push(endpoint, message.app, one.getKey(), message.text);
                message.by = line;
            } catch (IOException gone) {
                line.over = true;
            }
        }
    }

    private TestPlatform.@Nullable Line lineOf(long endpoint) {
        TestPlatform.Line newest = null;
        long highest = 0;
        for (TestPlatform.Line line : lines) {
            long seq = line.over ? 0 : line.bound.getOrDefault(endpoint, 0L);
            if (seq > highest) {
                highest = seq;
                newest = line;
            }
        }
        return newest;
    }

    /** Whether one connection serves both; the first app holds it. */
    boolean areServedTogether(int holder, int guest) {
        platform.lines.drainTo(lines);
        TestPlatform.Line line = lineOf(platform.endpoints.getOrDefault(holder, 0L));
        return line != null && line == lineOf(platform.endpoints.getOrDefault(guest, 0L));
    }

    /** Waits, delivering meanwhile. The main thread, which is the test's, tells of bindings. */
    void until(Callable<Boolean> condition) {
        await().pollInSameThread().pollInterval(Duration.ofMillis(50)).atMost(LONG).until(() -> {
            Shadows.shadowOf(Looper.getMainLooper()).idle();
            deliver();
            return condition.call();
        });
    }
}

package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Outbound.NoConnection;
import io.longwire.keeper.clock.Clock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Look-ups on many threads, of a name server that answers nothing for "hang". */
final class NamesIT {
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(200);

    private final ConcurrentHashMap<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final CountDownLatch answers = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final Names names = new Names(this::resolve, Clock.system());

    @AfterEach
    void stop() {
        answers.countDown();
        callers.shutdownNow();
        names.close();
    }

    @Test
    void anAppWhoseNameServerHangsHoldsUpNoOther() throws Exception {
        for (int i = 0; i < 100; i++) {
            String host = "hang" + i;
            callers.submit(() -> names.find(7, host, LONG));
        }
        await().until(() -> asked.size() == 4);

        assertThat(names.find(8, "well", LONG)).hasSize(1);
        assertThatThrownBy(() -> names.find(7, "well", SHORT)).isInstanceOfSatisfying(NoConnection.class,
                none -> assertThat(none.reason()).isEqualTo(Reason.NAMES_BUSY));
        assertThat(Reason.NAMES_BUSY.breaks()).isFalse();
        assertThat(asked).as("of the app that hangs, and the other's").hasSize(5);
    }

    @Test
    void looksUpAHostOnceForAllWhoWait() throws Exception {
        var found = new ArrayList<CompletableFuture<InetAddress[]>>();
        for (int i = 0; i < 100; i++) {
            int app = i;
            var one = new CompletableFuture<InetAddress[]>();
            found.add(one);
            callers.submit(() -> one.complete(names.find(app, "hang", LONG)));
        }
        await().until(() -> asked.containsKey("hang"));
        assertThatThrownBy(() -> names.find(7, "hang", SHORT)).isInstanceOfSatisfying(NoConnection.class,
                none -> assertThat(none.reason()).isEqualTo(Reason.TIMEOUT));
        answers.countDown();

        for (CompletableFuture<InetAddress[]> one : found) {
            assertThat(one.get(20, TimeUnit.SECONDS)).hasSize(1);
        }
        assertThat(asked.get("hang")).hasValueLessThanOrEqualTo(2); // a caller may come when the first is over
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        asked.computeIfAbsent(host, any -> new AtomicInteger()).incrementAndGet();
        if (host.startsWith("hang")) {
            try {
                answers.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }
        return new InetAddress[]{InetAddress.getByAddress(new byte[]{127, 0, 0, 1})};
    }
}

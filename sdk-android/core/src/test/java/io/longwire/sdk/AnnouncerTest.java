package io.longwire.sdk;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AnnouncerTest {
    @Test
    void aStuckListenerMissesWordsButNoResultThatItAskedFor() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        AtomicInteger words = new AtomicInteger();
        Announcer announcer = new Announcer(new ConnectionListener() {
            @Override
            public void onProblem(String what) {
                words.incrementAndGet();
                try {
                    stuck.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        CountDownLatch results = new CountDownLatch(2_000);
        for (int i = 0; i < 2_000; i++) {
            announcer.onProblem("word " + i);
            announcer.tellResult(results::countDown);
        }
        stuck.countDown();

        assertThat(results.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(words.get()).isBetween(400, Announcer.QUEUE + 1);
        announcer.close();
    }
}

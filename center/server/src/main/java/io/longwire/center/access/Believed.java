package io.longwire.center.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Answers that are believed for a while, absences too, at most so many; who asks for one that is being asked for shares
 * its future. A failed answer is forgotten at once. Thread-safe, never blocks.
 */
public final class Believed<K, V> {
    private final Cache<K, CompletableFuture<V>> answers;
    private final Function<K, CompletableFuture<V>> ask;

    public Believed(Function<K, CompletableFuture<V>> ask, int max, Duration ttl, Clock clock) {
        this.ask = ask;
        this.answers = Caffeine.newBuilder().maximumSize(max).expireAfterWrite(ttl).ticker(clock::nanos)
                .executor(Runnable::run).build();
    }

    /** The answer, from before or asked for now; fails as the question does. */
    public CompletableFuture<V> get(K key) {
        CompletableFuture<V> answer = answers.get(key, ask);
        if (!answer.isDone() || answer.isCompletedExceptionally()) {
            answer.whenComplete((found, failure) -> {
                if (failure != null) {
                    answers.asMap().remove(key, answer);
                }
            });
        }
        return answer;
    }

    /** What is known of it is known no more: this process has just changed it. */
    public void forget(K key) {
        answers.invalidate(key);
    }
}

package io.longwire.keeper.rpc;

import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Rendezvous;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** One member of a pool: its stream, its breaker. Thread-safe; listens to how its stream's items fare. */
final class Target<I, R> implements Outcome<I, R> {
    private static final int USUAL_WEIGHT = 100;
    private static final int MOST_WEIGHT = 1_000;

    final String instance;
    final String address;
    final long seed;
    /** Of the smooth order, from 1 on. */
    final int weight;
    private final MemberPool<I, R> pool;
    private final Breaker breaker = new Breaker();
    private volatile @Nullable BatchStream<I, R, ?, ?> stream;

    Target(Member member, MemberPool<I, R> pool) {
        this.instance = member.instance();
        this.address = member.rpcAddress();
        this.seed = Rendezvous.seed(member.instance());
        this.weight = weight(member);
        this.pool = pool;
    }

    private static int weight(Member member) {
        try {
            return Math.clamp(Integer.parseInt(member.attributes().getOrDefault("weight", "100")), 1, MOST_WEIGHT);
        } catch (NumberFormatException ofAnotherBuild) {
            return USUAL_WEIGHT;
        }
    }

    Target<I, R> opened(BatchStream<I, R, ?, ?> own) {
        stream = own;
        return this;
    }

    BatchStream<I, R, ?, ?> stream() {
        return Objects.requireNonNull(stream);
    }

    boolean allows(long now) {
        return breaker.allows(now);
    }

    boolean ready(long now) {
        return breaker.ready(now);
    }

    @Override
    public void answered() {
        breaker.success();
    }

    @Override
    public boolean failed(Pending<I, R> pending, RpcFailure failure) {
        pool.failed(breaker, failure.kind());
        return pool.elsewhere(pending, failure.kind(), this);
    }
}

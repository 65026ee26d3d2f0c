package io.longwire.keeper.rpc;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * Any member of a part. Members are tried in tiers: own IDC, other IDCs, and only then those that drain; within a tier
 * the balance decides among those whose breaker is closed. Snapshots of the members are immutable arrays; changing them
 * is the cluster thread's work. When all vanish at once, those known before are asked on ({@link Members#reachable}).
 *
 * <p>With two members or more the first try gets half of the deadline, so that a second one elsewhere still ends within
 * it. The same {@link Pending} moves over; a retry costs no further object.
 */
final class MemberPool<I, R> implements BatchCall<I, R> {
    private final String part;
    private final BatchMethod<I, R, ?, ?> method;
    private final @Nullable ToLongFunction<? super I> key;
    private final Cluster cluster;
    private final Clock clock;
    private final RpcCounters counters;
    private final Function<Target<I, R>, BatchStream<I, R, ?, ?>> opener;
    private final RetryBudget budget = new RetryBudget();
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, Target<I, R>> byInstance = new HashMap<>(); // guarded by this
    private final BalanceConfig.Strategy strategy;
    private volatile List<Tier<I, R>> tiers = List.of();
    private volatile boolean several;
    private volatile boolean closed;
    private volatile Cluster.@Nullable Subscription subscription;

    MemberPool(RpcContext context, String part, BatchMethod<I, R, ?, ?> method, Balance<? super I> balance,
            Function<Target<I, R>, BatchStream<I, R, ?, ?>> opener) {
        this.part = part;
        this.method = method;
        this.key = balance.key();
        this.strategy = context.balance().of(part, key != null);
        this.cluster = context.cluster();
        this.clock = context.clock();
        this.counters = context.counters();
        this.opener = opener;
    }

    MemberPool<I, R> subscribed() {
        subscription = cluster.onMembers(part, this::update);
        return this;
    }

    @Override
    public CompletableFuture<R> call(I item) {
        long now = clock.nanos();
        long deadline = method.deadline().toNanos();
        var pending = new Pending<I, R>(item, method.sizeOf(item), now + (several ? deadline / 2 : deadline));
        budget.earn();
        Target<I, R> target = closed ? null : pick(item, null, now);
        if (target == null) {
            var kind = closed ? RpcFailure.Kind.CLOSED : RpcFailure.Kind.NO_TARGET;
            counters.failed(kind);
            pending.completeExceptionally(new RpcFailure(kind, part + ": " + kind));
        } else {
            target.stream().submit(pending);
        }
        return pending;
    }

    @Override
    public int pending() {
        int sum = 0;
        for (Tier<I, R> tier : tiers) {
            for (Target<I, R> target : tier.targets()) {
                sum += target.stream().pending();
            }
        }
        return sum;
    }

    @Override
    public void close() {
        closed = true;
        Cluster.Subscription held = subscription;
        if (held != null) {
            held.cancel();
        }
        synchronized (this) {
            byInstance.values().forEach(target -> target.stream().close());
            byInstance.clear();
            tiers = List.of();
        }
    }

    void failed(Breaker breaker, RpcFailure.Kind kind) {
        if (kind != RpcFailure.Kind.CLOSED && breaker.failure(clock.nanos())) {
            counters.breakerOpens.increment();
        }
    }

    /** Takes a failed item over to another member, if it was its first try and the budget allows. */
    boolean elsewhere(Pending<I, R> pending, RpcFailure.Kind kind, Target<I, R> failed) {
        if (closed || pending.again || kind == RpcFailure.Kind.REFUSED) {
            return false;
        }
        long now = clock.nanos();
        Target<I, R> other = pick(pending.item, failed, now);
        if (other == null) {
            return false;
        }
        if (!budget.spend()) {
            counters.retriesDenied.increment();
            return false;
        }
        counters.retries.increment();
        pending.again = true;
        pending.deadline = now + method.deadline().toNanos() / 2;
        other.stream().submit(pending);
        return true;
    }

    private @Nullable Target<I, R> pick(I item, @Nullable Target<I, R> except, long now) {
        ToLongFunction<? super I> keyOf = key;
        for (Tier<I, R> tier : tiers) {
            Target<I, R> found = switch (strategy) {
                case LEAST_IN_FLIGHT -> tier.idlest(turnIn(tier), except, now);
                case RENDEZVOUS, USUAL -> keyOf == null
                        ? tier.next(turnIn(tier), except, now)
                        : tier.best(keyOf.applyAsLong(item), except, now);
                case ROUND_ROBIN, WEIGHTED -> tier.next(turnIn(tier), except, now);
            };
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    // Counted only where there is a choice: a tier without one must not take turns from the next.
    private int turnIn(Tier<I, R> tier) {
        return tier.several() ? turn.getAndIncrement() : 0;
    }

    private synchronized void update(Members members) {
        List<Member> reachable = members.reachable();
        if (closed || reachable.isEmpty()) {
            return;
        }
        var near = new ArrayList<Target<I, R>>();
        var far = new ArrayList<Target<I, R>>();
        var draining = new ArrayList<Target<I, R>>();
        String idc = cluster.self().idc();
        var gone = new HashMap<>(byInstance);
        for (Member member : reachable) {
            gone.remove(member.instance());
            Target<I, R> target = byInstance.computeIfAbsent(member.instance(), instance -> open(member));
            (member.draining() ? draining : member.idc().equals(idc) ? near : far).add(target);
        }
        byInstance.keySet().removeAll(gone.keySet());
        several = near.size() + far.size() + draining.size() > 1;
        boolean weighted = strategy == BalanceConfig.Strategy.WEIGHTED;
        tiers = List.of(new Tier<>(near, weighted), new Tier<>(far, weighted), new Tier<>(draining, weighted));
        gone.values().forEach(this::retire);
    }

    private Target<I, R> open(Member member) {
        var target = new Target<I, R>(member, this);
        return target.opened(opener.apply(target));
    }

    // What it was asked already may still be answered.
    private void retire(Target<I, R> target) {
        clock.schedule(method.deadline().plus(Duration.ofMillis(100)), target.stream()::close);
    }
}

package io.longwire.keeper.rpc;

import io.grpc.Channel;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.metrics.Metrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The calling side of a process over Netty. Thread-safe. Close it after all streams and before the loops. */
public final class RpcConnections implements Rpc, AutoCloseable {
    private final RpcContext context;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, List<Member>> lastReachable = new ConcurrentHashMap<>(); // by part

    /** Spreads calls as their callers say. */
    public RpcConnections(RpcLoops loops, Cluster cluster, Clock clock, Metrics metrics) {
        this(loops, cluster, clock, metrics, BalanceConfig.none());
    }

    /** @param balance how calls are spread where it is not left to their callers */
    public RpcConnections(RpcLoops loops, Cluster cluster, Clock clock, Metrics metrics, BalanceConfig balance) {
        this.context = new RpcContext(new Peers(loops, clock), cluster, clock, new RpcCounters(metrics), balance);
    }

    @Override
    public Channel channel(String address) {
        return context.peers().channel(address);
    }

    @Override
    public <I, R> BatchCall<I, R> stream(String address, BatchMethod<I, R, ?, ?> method) {
        return open(address, method, Outcome.none());
    }

    @Override
    public <I, R> BatchCall<I, R> anyOf(String part, BatchMethod<I, R, ?, ?> method, Balance<? super I> balance) {
        return new MemberPool<I, R>(context, part, method, balance, target -> open(target.address, method, target))
                .subscribed();
    }

    @Override
    public Channel anyChannel(String part) {
        List<Member> members = reachable(part);
        String idc = context.cluster().self().idc();
        int start = turn.getAndIncrement();
        for (int tier = 0; tier < 4; tier++) {
            for (int i = 0; i < members.size(); i++) {
                Member member = members.get(Math.floorMod(start + i, members.size()));
                if (tierOf(member, idc) == tier) {
                    return channel(member.rpcAddress());
                }
            }
        }
        throw new RpcFailure(RpcFailure.Kind.NO_TARGET, part + ": no live member");
    }

    @Override
    public void close() {
        context.peers().close();
    }

    // Never empty once there was somebody, see Members.reachable.
    private List<Member> reachable(String part) {
        List<Member> members = context.cluster().members(part).reachable();
        if (members.isEmpty()) {
            return lastReachable.getOrDefault(part, members);
        }
        lastReachable.put(part, members);
        return members;
    }

    private int tierOf(Member member, String idc) {
        if (context.peers().down(member.rpcAddress())) {
            return 3;
        }
        return member.draining() ? 2 : member.idc().equals(idc) ? 0 : 1;
    }

    private <I, R, Q, A> BatchStream<I, R, Q, A> open(String address, BatchMethod<I, R, Q, A> method,
            Outcome<I, R> outcome) {
        return context.counters().opened(new BatchStream<>(context.peers().acquire(address), method, context.clock(),
                context.counters(), outcome));
    }
}

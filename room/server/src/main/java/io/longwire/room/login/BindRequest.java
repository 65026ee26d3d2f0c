package io.longwire.room.login;

import io.longwire.device.BroadcastSeen;
import io.longwire.device.Code;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Kick;
import io.longwire.room.session.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One CONNECT or BIND on its way: a result per binding, and the answer when the last one is in. Every binding gets
 * one: from the register, a probe, or the deadline. Owner: the loop.
 */
final class BindRequest {
    final Connection connection;
    final int reqId;
    final long beganNanos;
    final int dueTick;
    private final @Nullable BindResult[] results;
    private final @Nullable Binding[] waiting;
    private final @Nullable BroadcastSeen[] seen;
    private final long[] floors;
    private final Consumer<BindRequest> answer;
    private int again; // a bit for each binding, of which there are at most 16
    private int open;

    /** @param answer runs once, when every result is in */
    BindRequest(Connection connection, int reqId, int bindings, long beganNanos, int dueTick,
            Consumer<BindRequest> answer) {
        this.connection = connection;
        this.reqId = reqId;
        this.beganNanos = beganNanos;
        this.dueTick = dueTick;
        this.results = new @Nullable BindResult[bindings];
        this.waiting = new @Nullable Binding[bindings];
        this.seen = new @Nullable BroadcastSeen[bindings];
        this.floors = new long[bindings];
        this.answer = answer;
        this.open = bindings;
    }

    /** What the binding has of broadcasts, and the floor that its result gives. */
    void seen(int index, BroadcastSeen has, long floor) {
        seen[index] = has;
        floors[index] = floor;
    }

    /** 0 = it says nothing. */
    long floor(int index) {
        return floors[index];
    }

    /** The endpoint was bound to this connection before. */
    void boundBefore(int index) {
        again |= 1 << index;
    }

    boolean wasBoundBefore(int index) {
        return (again & 1 << index) != 0;
    }

    /** Null if the binding was refused. */
    @Nullable
    BroadcastSeen seen(int index) {
        return seen[index];
    }

    void waitFor(int index, Binding binding) {
        waiting[index] = binding;
    }

    /** The first result of a binding counts. */
    void settle(int index, BindResult result) {
        if (results[index] == null) {
            results[index] = result;
            waiting[index] = null;
            open--;
            if (open == 0) {
                answer.accept(this);
            }
        }
    }

    /** As {@link #settle}, and also over a result that has not been told yet. */
    void overrule(int index, BindResult result) {
        if (results[index] == null) {
            settle(index, result);
        } else if (open > 0) {
            results[index] = result;
        }
    }

    /** These endpoints were taken off the connection; the results of those that are bound by this request say so. */
    void overrule(List<Long> endpoints, Kick kick) {
        boolean[] waits = new boolean[results.length];
        for (int i = 0; i < results.length; i++) {
            BindResult known = results[i];
            Binding binding = waiting[i];
            waits[i] = binding != null && endpoints.contains(binding.endpointId);
            if (open > 0 && known != null && known.getCode() == Code.OK && endpoints.contains(known.getEndpointId())) {
                results[i] = kicked(known.getEndpointId(), kick);
            }
        }
        for (int i = 0; i < results.length; i++) { // last, as this may complete the answer
            Binding binding = waiting[i];
            if (waits[i] && binding != null) {
                settle(i, kicked(binding.endpointId, kick));
            }
        }
    }

    private static BindResult kicked(long endpointId, Kick kick) {
        return BindResult.newBuilder().setEndpointId(endpointId).setCode(kick.getCode())
                .setRetryAfterMs(kick.getRetryAfterMs()).setText(kick.getText()).build();
    }

    void refuse(int index, long endpointId, int code) {
        settle(index, BindResult.newBuilder().setEndpointId(endpointId).setCode(code).build());
    }

    /** Whether the endpoint is banned: then the binding has its result. */
    boolean refuseIfBanned(int index, long endpointId, Bans bans) {
        Bans.Ban ban = bans.of(endpointId);
        if (ban == null) {
            return false;
        }
        settle(index, BindResult.newBuilder().setEndpointId(endpointId).setCode(Code.BLOCKED)
                .setRetryAfterMs(ban.retryAfterMillis()).setText(ban.reason()).build());
        return true;
    }

    /** A result that counts only if the request still waits for this very binding. */
    void settle(Binding binding, BindResult result) {
        if (waiting[binding.index] == binding) {
            settle(binding.index, result);
        }
    }

    boolean settled(int index) {
        return results[index] != null;
    }

    /** The bindings that have no result yet. */
    List<Binding> open() {
        var left = new ArrayList<Binding>();
        for (Binding binding : waiting) {
            if (binding != null) {
                left.add(binding);
            }
        }
        return left;
    }

    boolean answered() {
        return open == 0;
    }

    /** All results, in the order of the bindings; complete when answered. */
    List<BindResult> results() {
        var all = new ArrayList<BindResult>(results.length);
        for (BindResult result : results) {
            all.add(result == null ? BindResult.newBuilder().setCode(Code.INTERNAL).build() : result);
        }
        return all;
    }
}

package io.longwire.center.api;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import io.longwire.center.refuse.Refused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The calls of the API by their names in the .proto: the one table that both faces serve. Each call's future completes
 * with its answer, or fails with {@link Refused}; anything else it fails with is a fault of ours. Immutable, any
 * thread, nothing blocks.
 */
public final class Calls {
    private final Map<String, Served<?, ?>> served;

    private Calls(Map<String, Served<?, ?>> served) {
        this.served = Map.copyOf(served);
    }

    /**
     * The calls of these features. Throws IllegalStateException unless every call of the service is served, once, by
     * something that takes its request.
     */
    public static Calls of(ServiceDescriptor service, List<Feature> features) {
        var table = new Table();
        features.forEach(feature -> feature.register(table));
        for (MethodDescriptor call : service.getMethods()) {
            Served<?, ?> found = table.served.get(call.getName());
            if (found == null || !found.empty.getDescriptorForType().equals(call.getInputType())) {
                throw new IllegalStateException(call.getName() + ": "
                        + (found == null ? "not served" : "served with " + found.empty.getDescriptorForType().getName())
                        + " (expected: every call of the .proto, with its request)");
            }
        }
        if (table.served.size() != service.getMethods().size()) {
            throw new IllegalStateException("calls: " + table.served.keySet() + " (expected: those of the .proto)");
        }
        return new Calls(table.served);
    }

    /** The request of a call, without any field. */
    public Message empty(String call) {
        return find(call).empty;
    }

    /** Answers a call. Never throws: what goes wrong is in the future. */
    public CompletableFuture<? extends Message> answer(String name, Call call, Message request) {
        return find(name).answer(call, request);
    }

    private Served<?, ?> find(String call) {
        Served<?, ?> found = served.get(call);
        if (found == null) {
            throw new IllegalStateException(call + ": not served");
        }
        return found;
    }

    /** What a call does. It may throw what its future may fail with. */
    @FunctionalInterface
    public interface Work<Q extends Message, A extends Message> {
        CompletableFuture<A> answer(Call call, Q request);
    }

    /** Where the features bring their calls; used while center is put together, by one thread. */
    public static final class Table {
        private final Map<String, Served<?, ?>> served = new HashMap<>();

        private Table() {
        }

        /**
         * @param name as in the .proto
         * @param empty the request without any field
         */
        public <Q extends Message, A extends Message> Table call(String name, Q empty, Work<Q, A> work) {
            if (served.put(name, new Served<>(empty, work)) != null) {
                throw new IllegalStateException(name + ": served twice (expected: once)");
            }
            return this;
        }
    }

    private record Served<Q extends Message, A extends Message>(Q empty, Work<Q, A> work) {
        CompletableFuture<A> answer(Call call, Message request) {
            @SuppressWarnings("unchecked") // of empty's type: the faces build it from there
            Q typed = (Q) request;
            try {
                return work.answer(call, typed);
            } catch (RuntimeException refusedOrBug) {
                return CompletableFuture.failedFuture(refusedOrBug);
            }
        }
    }
}

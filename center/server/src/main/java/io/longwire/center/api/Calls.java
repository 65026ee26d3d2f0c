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
    private final Map<String, Served> served;

    private Calls(Map<String, Served> served) {
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
            Served found = table.served.get(call.getName());
            if (found == null || !found.empty().getDescriptorForType().equals(call.getInputType())) {
                throw new IllegalStateException(call.getName() + ": " + (found == null
                        ? "not served"
                        : "served with " + found.empty().getDescriptorForType().getName())
                        + " (expected: every call of the .proto, with its request)");
            }
            if (call.isClientStreaming() || call.isServerStreaming() != (found instanceof Stream)) {
                throw new IllegalStateException(call.getName() + ": served with "
                        + (found instanceof Stream ? "a stream of answers" : "one answer")
                        + " (expected: as the .proto says, and one request)");
            }
        }
        if (table.served.size() != service.getMethods().size()) {
            throw new IllegalStateException("calls: " + table.served.keySet() + " (expected: those of the .proto)");
        }
        return new Calls(table.served);
    }

    /** The request of a call, without any field. */
    public Message empty(String call) {
        return find(call).empty();
    }

    /** Answers a call that has one answer. Never throws: what goes wrong is in the future. */
    public CompletableFuture<? extends Message> answer(String name, Call call, Message request) {
        if (find(name) instanceof Single<?, ?> single) {
            return single.answer(call, request);
        }
        throw new IllegalStateException(name + ": a stream of answers (expected: one answer)");
    }

    /**
     * Begins a call that has a stream of answers. Never throws: what goes wrong is told to {@code out}.
     *
     * @return to be run once when the caller has gone
     */
    public Runnable stream(String name, Call call, Message request, Sink<Message> out) {
        if (find(name) instanceof Stream<?, ?> stream) {
            return stream.begin(call, request, out);
        }
        throw new IllegalStateException(name + ": one answer (expected: a stream of answers)");
    }

    private Served find(String call) {
        Served found = served.get(call);
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

    /**
     * What a call with a stream of answers does: begins it, and returns what ends the work when the caller has gone.
     * That is run at most once, by any thread, perhaps after the last answer. It may throw what {@link Sink#fail}
     * takes.
     */
    @FunctionalInterface
    public interface Streaming<Q extends Message, A extends Message> {
        Runnable begin(Call call, Q request, Sink<A> out);
    }

    /**
     * Where a stream's answers go. Any thread, never blocks, never throws; after the end, or when the caller has gone,
     * nothing happens.
     */
    public interface Sink<A> {
        /**
         * One more answer. A caller that does not read fast enough gets the newest one when it can take it; those
         * between are left out, so an answer must stand for itself.
         */
        void next(A answer);

        /** The answer before was the last one. */
        void end();

        /** Ends it with a {@link Refused}; anything else is a fault of ours. */
        void fail(Throwable failure);
    }

    /** Where the features bring their calls; used while center is put together, by one thread. */
    public static final class Table {
        private final Map<String, Served> served = new HashMap<>();

        private Table() {
        }

        /**
         * @param name as in the .proto
         * @param empty the request without any field
         */
        public <Q extends Message, A extends Message> Table call(String name, Q empty, Work<Q, A> work) {
            return put(name, new Single<>(empty, work));
        }

        /**
         * One that has a stream of answers.
         *
         * @param name as in the .proto
         * @param empty the request without any field
         */
        public <Q extends Message, A extends Message> Table stream(String name, Q empty, Streaming<Q, A> work) {
            return put(name, new Stream<>(empty, work));
        }

        private Table put(String name, Served entry) {
            if (served.put(name, entry) != null) {
                throw new IllegalStateException(name + ": served twice (expected: once)");
            }
            return this;
        }
    }

    private sealed interface Served {
        Message empty();
    }

    private record Single<Q extends Message, A extends Message>(Q empty, Work<Q, A> work) implements Served {
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

    private record Stream<Q extends Message, A extends Message>(Q empty, Streaming<Q, A> work) implements Served {
        @SuppressWarnings("unchecked") // of empty's type: the face reads it so; and a sink of messages takes any
        Runnable begin(Call call, Message request, Sink<Message> out) {
            try {
                return work.begin(call, (Q) request, (Sink<A>) out);
            } catch (RuntimeException refusedOrBug) {
                out.fail(refusedOrBug);
                return () -> {
                };
            }
        }
    }
}

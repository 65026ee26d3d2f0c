package io.longwire.e2e.fault;

import io.longwire.cli.platform.Around;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.register.SessionChange;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A platform's faults; all are off until they are planted, and may be taken out again. */
public final class PlantedFaults implements Around {
    private static final Duration LATER = Duration.ofMillis(300);

    private final Set<Fault> planted = Collections.synchronizedSet(EnumSet.noneOf(Fault.class));
    /** The newest put of each endpoint at each owner, over the stream of the room that made it. */
    private final Map<String, Put> newest = new ConcurrentHashMap<>();

    /** What can be wrong. */
    public enum Fault {
        /** Center answers before the saver has the message, which it gets 300 ms later. */
        ACK_BEFORE_STORE,
        /** The offline of a session also erases the newer session of the endpoint, of whatever room. */
        UNCONDITIONAL_OFFLINE,
        /** Center stores and never looks up, as if it died in between. */
        NO_LOOKUP,
        /** The saver's due set reaches nobody. */
        DUE_SET_OFF
    }

    private record Put(BatchCall<?, ?> stream, SessionChange change) {
    }

    public void plant(Fault fault) {
        planted.add(fault);
    }

    public void takeOut() {
        planted.clear();
    }

    @Override
    public Service around(String part, Service service) {
        BentRpc.Bend bend = switch (part) {
            case "center" -> new Center();
            case "room" -> new Room();
            case "saver" -> new Saver();
            default -> null;
        };
        return bend == null ? service : new OtherRpc(service, new BentRpc(service.rpc(), bend));
    }

    private boolean has(Fault fault) {
        return planted.contains(fault);
    }

    private static <R> CompletableFuture<R> unreachable() {
        return CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.NO_TARGET, "planted"));
    }

    private final class Center implements BentRpc.Bend {
        @Override
        @SuppressWarnings("unchecked") // the result of Append is an AppendResult
        public <I, R> CompletableFuture<R> call(String to, String method, BatchCall<I, R> call, I item) {
            if (has(Fault.NO_LOOKUP) && method.equals("Lookup")) {
                return unreachable();
            }
            if (has(Fault.ACK_BEFORE_STORE) && item instanceof AppendItem append) {
                Clock.system().schedule(LATER, () -> call.call(item));
                return (CompletableFuture<R>) CompletableFuture.completedFuture(
                        AppendResult.newBuilder().setMessageId(append.getMessageId()).build());
            }
            return call.call(item);
        }
    }

    private final class Saver implements BentRpc.Bend {
        @Override
        public <I, R> CompletableFuture<R> call(String to, String method, BatchCall<I, R> call, I item) {
            return has(Fault.DUE_SET_OFF) ? unreachable() : call.call(item);
        }
    }

    private final class Room implements BentRpc.Bend {
        @Override
        public <I, R> CompletableFuture<R> call(String to, String method, BatchCall<I, R> call, I item) {
            if (item instanceof SessionChange change) {
                String key = to + " " + change.getEndpointId();
                if (change.getKind() == SessionChange.Kind.PUT) {
                    newest.put(key, new Put(call, change));
                } else if (change.getKind() == SessionChange.Kind.REMOVE && has(Fault.UNCONDITIONAL_OFFLINE)) {
                    removeNewest(key, change);
                }
            }
            return call.call(item);
        }

        @SuppressWarnings("unchecked") // a stream on which a SessionChange came takes another
        private void removeNewest(String key, SessionChange old) {
            Put put = newest.get(key);
            if (put != null && put.change.getConnSeq() > old.getConnSeq()) {
                ((BatchCall<SessionChange, ?>) put.stream).call(put.change.toBuilder()
                        .setKind(SessionChange.Kind.REMOVE).build());
            }
        }
    }
}

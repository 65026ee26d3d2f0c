package io.longwire.coordinator.reply;

import io.longwire.register.client.Lookup;
import io.longwire.register.client.Session;
import io.longwire.room.client.ReplyOrder;
import io.longwire.rpc.room.ControlResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Phones that are where the test says; each question takes the next answer, the last one stays. */
public final class FakePhones implements Phones {
    final Deque<Lookup> found = new ArrayDeque<>();
    final Deque<ControlResult.Code> answers = new ArrayDeque<>();
    final List<ReplyOrder> orders = new ArrayList<>();
    Lookup elsewhere = Lookup.UNKNOWN;
    boolean silent;

    static Lookup online() {
        return new Lookup.Online(new Session(99, 5, 1, 3), "register-1");
    }

    @Override
    public CompletableFuture<Lookup> find(long endpointId) {
        return CompletableFuture.completedFuture(next(found, Lookup.UNKNOWN));
    }

    @Override
    public CompletableFuture<Lookup> findElsewhere(Lookup.Online notThere) {
        return CompletableFuture.completedFuture(elsewhere);
    }

    @Override
    public CompletableFuture<ControlResult.Code> reply(Session session, ReplyOrder order) {
        orders.add(order);
        return silent
                ? CompletableFuture.failedFuture(new IllegalStateException("no answer"))
                : CompletableFuture.completedFuture(next(answers, ControlResult.Code.DONE));
    }

    private static <T> T next(Deque<T> some, T none) {
        return some.isEmpty() ? none : some.size() == 1 ? some.getFirst() : some.removeFirst();
    }
}

package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.saver.ledger.Payloads;
import io.longwire.saver.ledger.StoreFailure;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Payloads of heads, given by the test. */
public final class FakeHeads implements Payloads {
    private final Map<Long, ByteString> payloads = new ConcurrentHashMap<>();
    private final Set<Long> silent = ConcurrentHashMap.newKeySet();

    public void put(long message, String payload) {
        payloads.put(message, ByteString.copyFromUtf8(payload));
    }

    public void lose(long message) {
        payloads.remove(message);
    }

    /** From now on nobody answers who asks for it. */
    public void silence(long message) {
        silent.add(message);
    }

    @Override
    public CompletableFuture<ByteString> payload(int app, long message) {
        if (silent.contains(message)) {
            return new CompletableFuture<>();
        }
        ByteString payload = payloads.get(message);
        return payload != null
                ? CompletableFuture.completedFuture(payload)
                : CompletableFuture
                        .failedFuture(new StoreFailure(StoreFailure.Kind.UNAVAILABLE, "head: not to be read now"));
    }
}

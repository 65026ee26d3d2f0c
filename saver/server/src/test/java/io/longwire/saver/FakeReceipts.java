package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.end.ReceiptLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers receipts, in the order they came; each is answered as the test says. */
public final class FakeReceipts implements ReceiptLog {
    /** One receipt. */
    public record Told(int app, long endpoint, long message, ByteString trace, ReceiptKind kind, int code) {
        /** Of a message without a trace. */
        public Told(int app, long endpoint, long message, ReceiptKind kind, int code) {
            this(app, endpoint, message, ByteString.EMPTY, kind, code);
        }
    }

    /** What is answered; a receipt that fails is not remembered. */
    public volatile CompletableFuture<@Nullable Void> answer = NOTHING;
    private final List<Told> told = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<@Nullable Void> add(int app, long endpoint, long message, ByteString trace,
            ReceiptKind kind, int code, long atMs) {
        if (!answer.isCompletedExceptionally()) {
            told.add(new Told(app, endpoint, message, trace, kind, code));
        }
        return answer;
    }

    /** The receipts of a message. */
    public List<Told> of(long message) {
        return told.stream().filter(each -> each.message == message).toList();
    }

    /** Kinds of the receipts of a message. */
    public List<ReceiptKind> kinds(long message) {
        return of(message).stream().map(Told::kind).toList();
    }
}

package io.longwire.saver;

import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.end.ReceiptLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers receipts, in the order they came. */
public final class FakeReceipts implements ReceiptLog {
    /** One receipt. */
    public record Told(int app, long endpoint, long message, ReceiptKind kind, int code) {
    }

    private final List<Told> told = new CopyOnWriteArrayList<>();

    @Override
    public void add(int app, long endpoint, long message, ReceiptKind kind, int code, long atMs) {
        told.add(new Told(app, endpoint, message, kind, code));
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

package io.longwire.center.receipt;

import io.longwire.center.access.Cursor;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.trace.Traceparent;
import io.longwire.rpc.center.PullReceiptsReply;
import io.longwire.rpc.center.PullReceiptsRequest;
import io.longwire.rpc.center.ReceiptInfo;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * The receipts of an app in the order of their cursor, each at least once, kept for 7 days. Whoever keeps the cursor of
 * the last answer it has worked misses none and needs no other state. Thread-safe, never blocks.
 */
public final class Receipts {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;

    private final EndpointNames names;
    private final ReceiptStore store;

    public Receipts(EndpointNames names, ReceiptStore store) {
        this.names = names;
        this.store = store;
    }

    /** Fails with {@link Refused} FORBIDDEN for an app without the setting {@code receipts}: nothing is kept for it. */
    public CompletableFuture<PullReceiptsReply> pull(AppRecord app, PullReceiptsRequest request) {
        int limit = Cursor.limit(request.getLimit(), DEFAULT_PAGE, MAX_PAGE);
        var cursor = Cursor.parse(request.getCursor());
        if (!app.getReceipts()) {
            throw Refused.because(Why.FORBIDDEN, "receipts: off for app " + app.getAppId()
                    + " (expected: an app with the setting receipts)");
        }
        return store.receipts(io.longwire.rpc.saver.PullReceiptsRequest.newBuilder().setAppId(app.getAppId())
                .setCursor(cursor).setLimit(limit).build()).thenApply(found -> {
                    var answer = PullReceiptsReply.newBuilder().setMore(found.getMore())
                            .setCursor(found.getCursor().isEmpty()
                                    ? request.getCursor()
                                    : Cursor.text(found.getCursor()));
                    found.getReceiptsList().forEach(receipt -> answer.addReceipts(info(app.getAppId(), receipt)));
                    return answer.build();
                });
    }

    private ReceiptInfo info(int appId, Receipt receipt) {
        return ReceiptInfo.newBuilder().setKind(label(receipt.getKind()))
                .setMessageId(MessageId.text(receipt.getMessageId()))
                .setEndpoint(names.text(appId, receipt.getEndpointId())).setAtMs(receipt.getAtMs())
                .setCode(receipt.getCode()).setTraceparent(Traceparent.text(receipt.getTrace())).build();
    }

    /** As the API names it: {@code delivered}, {@code shown}, {@code expired}, ... */
    public static String label(ReceiptKind kind) {
        return kind == ReceiptKind.RECEIPT_EXPIRED ? "expired" : kind.name().toLowerCase(Locale.ROOT);
    }
}

package io.longwire.coordinator.receipt;

import com.google.protobuf.ByteString;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.trace.Traceparent;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import java.util.Locale;

/** Receipts as they stand in streams: uplinks whose body is flat JSON. Static, pure. */
final class ReceiptValues {
    private ReceiptValues() {
    }

    static byte[] of(int app, Receipt receipt) {
        String trace = Traceparent.text(receipt.getTrace());
        String body = "{\"kind\":\"" + kind(receipt.getKind()) + "\",\"message_id\":\""
                + MessageId.text(receipt.getMessageId()) + "\",\"at_ms\":" + receipt.getAtMs()
                + (receipt.getCode() == 0 ? "" : ",\"code\":" + Integer.toUnsignedString(receipt.getCode()))
                + (trace.isEmpty() ? "" : ",\"traceparent\":\"" + trace + '"') + "}";
        return UplinkItem.newBuilder().setAppId(app).setEndpointId(receipt.getEndpointId()).setSeq(receipt.getSeq())
                .setType(ReceiptStore.TYPE).setBody(ByteString.copyFromUtf8(body)).setReceivedMs(receipt.getAtMs())
                .build().toByteArray();
    }

    /** As the pull API names it. */
    private static String kind(ReceiptKind kind) {
        return kind == ReceiptKind.RECEIPT_EXPIRED ? "expired" : kind.name().toLowerCase(Locale.ROOT);
    }
}

package io.longwire.center.send;

import com.google.protobuf.UnsafeByteOperations;
import io.longwire.device.id.MessageId;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.TargetResult;
import io.longwire.rpc.saver.MessageHead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** What is kept and told of a message to several endpoints as a whole. Static, any thread. */
final class FanReply {
    private FanReply() {
    }

    static MessageHead head(Draft draft, long id, List<Targets.Recipient> to) {
        return head(draft, id, to.stream().mapToLong(Targets.Recipient::endpointId));
    }

    static MessageHead head(Draft draft, long id, LongStream to) {
        var sorted = to.boxed().sorted(Long::compareUnsigned).toList();
        var endpoints = ByteBuffer.allocate(sorted.size() * Long.BYTES);
        sorted.forEach(endpoints::putLong);
        var head = MessageHead.newBuilder().setAppId(draft.appId()).setMessageId(id)
                .setExpireAtMs(MessageId.timeMs(id) + draft.ttlMillis())
                .setEndpoints(UnsafeByteOperations.unsafeWrap(endpoints.flip()));
        return (sorted.size() > Multicast.BODIES_UP_TO ? head.setPayload(draft.payload()) : head).build();
    }

    /** The endpoints of the head that stands: those that were asked for now, in their order, then the others. */
    static List<Targets.Recipient> standing(MessageHead head, List<Targets.Recipient> asked,
            LongFunction<String> text) {
        Map<Long, Targets.Recipient> byId = new LinkedHashMap<>();
        asked.forEach(recipient -> byId.put(recipient.endpointId(), recipient));
        Map<Long, Boolean> stands = new HashMap<>();
        var ids = head.getEndpoints().asReadOnlyByteBuffer().asLongBuffer();
        while (ids.hasRemaining()) {
            long id = ids.get();
            stands.put(id, true);
            byId.computeIfAbsent(id, other -> new Targets.Recipient(text.apply(other), text.apply(other), other));
        }
        var standing = new ArrayList<Targets.Recipient>(stands.size());
        byId.forEach((id, recipient) -> {
            if (stands.containsKey(id)) {
                standing.add(recipient);
            }
        });
        return standing;
    }

    static SendReply of(long id, List<TargetResult> results, List<TargetResult> refused) {
        int good = 0;
        int delivered = 0;
        for (TargetResult result : results) {
            good += result.getStatus().equals("accepted") ? 1 : 0;
            delivered += result.getStatus().equals("delivered_online") ? 1 : 0;
        }
        int all = results.size() + refused.size();
        boolean dropped = results.stream().anyMatch(result -> result.getStatus().equals("offline_dropped"));
        String status;
        if (good + delivered == all) {
            status = delivered > 0 ? "delivered_online" : "accepted";
        } else if (good + delivered > 0) {
            status = "partial";
        } else {
            status = dropped ? "offline_dropped" : "refused";
        }
        return SendReply.newBuilder().setMessageId(MessageId.text(id)).setStatus(status)
                .setAcceptedMs(MessageId.timeMs(id)).addAllResults(results).addAllResults(refused)
                .setAccepted(good + delivered).build();
    }

    /** Whether no target of it may do better when it is tried again. */
    static boolean isFinal(SendReply reply) {
        return reply.getResultsList().stream()
                .noneMatch(result -> result.getStatus().equals("over_quota")
                        || result.getStatus().equals("unavailable"));
    }
}

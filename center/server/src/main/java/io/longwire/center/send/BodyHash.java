package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.center.access.KeyText;
import io.longwire.rpc.center.TargetResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.stream.Stream;

/**
 * What makes two requests the same message: everything that is sent and to whom, not how a time was spelt or in which
 * order targets stood. An alias is itself here, whoever has it. Static, any thread.
 */
final class BodyHash {
    private static final byte VERSION = 2;

    private BodyHash() {
    }

    static ByteString of(Draft draft, Targets targets) {
        var options = draft.options();
        MessageDigest digest = KeyText.sha256();
        digest.update(ByteBuffer.allocate(40).put(VERSION).putLong(draft.ttlMillis())
                .put((byte) draft.priority().getNumber()).put((byte) (options.fast() ? 1 : 0))
                .putLong(options.replaces()).putInt(options.lowWindowSeconds()).put((byte) (targets.one() ? 1 : 0))
                .flip());
        part(digest, draft.payload());
        part(digest, options.collapseKey());
        long[] endpoints = targets.endpoints().stream().mapToLong(Targets.Recipient::endpointId).sorted().distinct()
                .toArray();
        texts(digest, targets.aliases().stream());
        texts(digest, targets.refused().stream().map(TargetResult::getTarget));
        var ids = ByteBuffer.allocate(endpoints.length * Long.BYTES);
        ids.asLongBuffer().put(endpoints);
        digest.update(ids);
        if (options.sealed()) { // the hash of every other message stays what it was
            digest.update((byte) 1);
        }
        return ByteString.copyFrom(digest.digest());
    }

    private static void texts(MessageDigest digest, Stream<String> texts) {
        var sorted = texts.sorted().distinct().toList();
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(sorted.size()).flip());
        sorted.forEach(text -> part(digest, ByteString.copyFrom(text, StandardCharsets.UTF_8)));
    }

    private static void part(MessageDigest digest, ByteString bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.size()).flip());
        bytes.asReadOnlyByteBufferList().forEach(digest::update);
    }
}

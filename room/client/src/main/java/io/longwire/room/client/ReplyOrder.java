package io.longwire.room.client;

import com.google.protobuf.ByteString;

/**
 * What a phone is told that asked its product something.
 *
 * @param seq of the uplink that asked
 * @param code a code of the device protocol: OK with the body, another one with the text
 * @param body at most 4 KiB
 * @param text for people; may be empty
 */
public record ReplyOrder(long seq, int code, ByteString body, String text) {
}

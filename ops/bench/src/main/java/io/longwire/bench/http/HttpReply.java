package io.longwire.bench.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** One answer. */
public record HttpReply(int status, byte[] body) {
    static HttpReply of(int status, ByteBuf in, int bodyAt, int length) {
        byte[] body = new byte[length];
        in.getBytes(bodyAt, body);
        return new HttpReply(status, body);
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}

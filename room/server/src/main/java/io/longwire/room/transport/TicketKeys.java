package io.longwire.room.transport;

import io.longwire.device.credential.HmacSha256;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of TLS session tickets, drawn from one key of the deployment and the day, so that every room can resume
 * what another one began and nobody has to hand keys around. Three live at a time: today's makes tickets; yesterday's
 * still opens them; tomorrow's does too, for a room whose clock is behind. A ticket lasts at most two days.
 */
final class TicketKeys {
    private static final byte[] LABEL = "longwire tls ticket".getBytes(StandardCharsets.US_ASCII);
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private TicketKeys() {
    }

    /** The number of the day, UTC. */
    static long day(long wallMillis) {
        return Math.floorDiv(wallMillis, DAY_MILLIS);
    }

    /** The keys of a day, the one that makes tickets first. */
    static OpenSslSessionTicketKey[] of(byte[] master, long day) {
        return bytes(master, day).stream().map(TicketKeys::key).toArray(OpenSslSessionTicketKey[]::new);
    }

    /** The same as name, HMAC key and AES key one after the other. */
    static List<byte[]> bytes(byte[] master, long day) {
        var mac = new HmacSha256(master);
        return List.of(draw(mac, day), draw(mac, day - 1), draw(mac, day + 1));
    }

    private static OpenSslSessionTicketKey key(byte[] bytes) {
        int hmac = OpenSslSessionTicketKey.NAME_SIZE;
        int aes = hmac + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(Arrays.copyOf(bytes, hmac), Arrays.copyOfRange(bytes, hmac, aes),
                Arrays.copyOfRange(bytes, aes, bytes.length));
    }

    private static byte[] draw(HmacSha256 mac, long day) {
        byte[] drawn = Arrays.copyOf(part(mac, day, 0), OpenSslSessionTicketKey.TICKET_KEY_SIZE);
        System.arraycopy(part(mac, day, 1), 0, drawn, HmacSha256.TAG_BYTES, drawn.length - HmacSha256.TAG_BYTES);
        return drawn;
    }

    private static byte[] part(HmacSha256 mac, long day, int part) {
        byte[] text = ByteBuffer.allocate(LABEL.length + Long.BYTES + 1).put(LABEL).putLong(day).put((byte) part)
                .array();
        return mac.tag(text, 0, text.length);
    }
}

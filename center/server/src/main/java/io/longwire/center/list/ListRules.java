package io.longwire.center.list;

import com.google.protobuf.UnsafeByteOperations;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.Rules;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.config.Units;
import io.longwire.rpc.center.AppendListRequest;
import io.longwire.rpc.center.CreateListRequest;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.BadLine;
import io.longwire.rpc.saver.ListPart;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/** What a list and its parts must be like. Each throws {@link Refused} for the first rule that is broken. Pure. */
final class ListRules {
    /** Lines of a part. */
    static final int PART_LINES = 10_000;
    /** Parts of a list. */
    static final int PARTS = 10_000;

    private static final int BAD_SHOWN = 100;
    private static final int VALUE_CHARS = 64;
    private static final int LABEL_CHARS = 120;
    private static final int MAX_TTL_TEXT = 12;
    private static final Duration TTL = Duration.ofDays(7);
    private static final Duration LEAST_TTL = Duration.ofHours(1);
    private static final Duration MOST_TTL = Duration.ofDays(30);

    private ListRules() {
    }

    static AudienceList list(CreateListRequest request, int appId, long nowMillis) {
        String label = request.getLabel();
        if (label.length() > LABEL_CHARS || label.chars().anyMatch(Character::isISOControl)) {
            throw Refused.invalid("label", label, "at most " + LABEL_CHARS + " characters, no control characters");
        }
        if (request.getIdempotencyKey().length() > Rules.IDEMPOTENCY_KEY_CHARS) {
            throw Refused.invalid("idempotency_key", request.getIdempotencyKey().length() + " characters",
                    "at most " + Rules.IDEMPOTENCY_KEY_CHARS);
        }
        return AudienceList.newBuilder().setAppId(appId).setLabel(label).setCreatedMs(nowMillis)
                .setExpireAtMs(nowMillis + ttl(request.getTtl()).toMillis())
                .setIdempotencyKey(request.getIdempotencyKey()).build();
    }

    private static Duration ttl(String text) {
        if (text.isEmpty()) {
            return TTL;
        }
        Duration ttl = text.length() > MAX_TTL_TEXT ? null : Units.duration(text);
        if (ttl == null || ttl.compareTo(LEAST_TTL) < 0 || ttl.compareTo(MOST_TTL) > 0) {
            throw Refused.invalid("ttl", text, "1h to 30d");
        }
        return ttl;
    }

    static long id(String field, String text) {
        try {
            long id = MessageId.parse(text);
            if (id != 0) {
                return id;
            }
        } catch (InvalidIdException wrong) {
            throw noId(field, text);
        }
        throw noId(field, text);
    }

    private static Refused noId(String field, String text) {
        return Refused.invalid(field, text.isEmpty() ? "missing" : text, "13 characters of Crockford base 32");
    }

    /** The part with the endpoints of its good lines, and the first of its bad ones. */
    static ListPart part(AppendListRequest request, int appId, EndpointNames names) {
        if (request.getPart() < 0 || request.getPart() >= PARTS) {
            throw Refused.invalid("part", Integer.toUnsignedString(request.getPart()), "0 to " + (PARTS - 1));
        }
        int count = request.getEndpointsCount();
        if (count == 0 || count > PART_LINES) {
            throw Refused.because(count == 0 ? Why.INVALID_ARGUMENT : Why.TOO_LARGE,
                    "endpoints: " + count + " lines (expected: 1 to " + PART_LINES + ")");
        }
        if (request.getFirstLine() < 0) {
            throw Refused.invalid("first_line", Long.toUnsignedString(request.getFirstLine()), "1, or more");
        }
        var part = ListPart.newBuilder().setAppId(appId).setListId(id("list_id", request.getListId()))
                .setPart(request.getPart());
        ByteBuffer good = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long lines = 0;
        long bad = 0;
        long line = Math.max(1, request.getFirstLine());
        for (String text : request.getEndpointsList()) {
            String value = text.strip();
            if (!value.isEmpty() && value.charAt(0) != '#') {
                lines++;
                try {
                    good.putLong(names.ids().parse(appId, value));
                } catch (InvalidIdException wrong) {
                    bad++;
                    if (part.getBadLinesCount() < BAD_SHOWN) {
                        part.addBadLines(bad(line, value, wrong));
                    }
                }
            }
            line++;
        }
        return part.setLines(lines).setBad(bad).setEndpoints(UnsafeByteOperations.unsafeWrap(good.flip())).build();
    }

    private static BadLine bad(long line, String value, InvalidIdException wrong) {
        String expected = wrong.reason() == InvalidIdException.Reason.TAG
                ? "an endpoint of this app"
                : "ep_ and 20 characters of Crockford base 32";
        String cut = value.length() > VALUE_CHARS ? value.substring(0, VALUE_CHARS) : value;
        return BadLine.newBuilder().setLine(line).setValue(cut.replaceAll("\\p{Cntrl}", "?")).setExpected(expected)
                .build();
    }
}

package io.longwire.device.id;

import io.longwire.device.id.InvalidIdException.Reason;
import java.time.Instant;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class MessageIdTest {
    @Property
    void carriesTimeLeaseAndCounter(@ForAll @LongRange(min = MessageId.EPOCH_MS, max = 3966248855551L) long ms,
            @ForAll @IntRange(max = 1023) int lease, @ForAll @IntRange(max = 4095) int counter) {
        long id = MessageId.of(ms, lease, counter);

        assertThat(id).isNotNegative();
        assertThat(MessageId.timeMs(id)).isEqualTo(ms);
        assertThat(MessageId.lease(id)).isEqualTo(lease);
        assertThat(MessageId.counter(id)).isEqualTo(counter);
    }

    @Property
    void survivesItsTextInBothCasesAndSortsLikeIt(@ForAll @LongRange long a, @ForAll @LongRange long b) {
        long x = a & Long.MAX_VALUE;
        long y = b & Long.MAX_VALUE;
        String text = MessageId.text(x);

        assertThat(text).hasSize(13);
        assertThat(MessageId.parse(text)).isEqualTo(x);
        assertThat(MessageId.parse(text.toLowerCase(Locale.ROOT))).isEqualTo(x);
        assertThat(Integer.signum(text.compareTo(MessageId.text(y)))).isEqualTo(Long.compare(x, y));
    }

    @Property(tries = 2000)
    void answersOtherTextsWithATypedErrorAlone(@ForAll @StringLength(max = 16) String text) {
        try {
            assertThat(MessageId.text(MessageId.parse(text))).hasSize(13);
        } catch (InvalidIdException expected) {
            assertThat(expected.reason()).isIn(Reason.SHAPE, Reason.ALPHABET);
        }
    }

    @Example
    void holdsTheVectorsOfVersion1() {
        assertThat(MessageId.EPOCH_MS).isEqualTo(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
        assertThat(MessageId.TIME_MAX_MS).isEqualTo(3966248855551L);
        long id = MessageId.of(Instant.parse("2026-11-20T12:34:56.789Z").toEpochMilli(), 513, 77);
        assertThat(id).isEqualTo(117241269094191181L);
        assertThat(MessageId.text(id)).isEqualTo("03846A0JP042D");
        assertThat(MessageId.text(0)).isEqualTo("0000000000000");
        assertThat(MessageId.text(Long.MAX_VALUE)).isEqualTo("7ZZZZZZZZZZZZ");
    }

    @Example
    void startsAMillisecondAtItsFirstId() {
        long ms = MessageId.EPOCH_MS + 5;

        assertThat(MessageId.firstOf(ms)).isEqualTo(MessageId.of(ms, 0, 0));
        assertThat(MessageId.firstOf(0)).isZero();
        assertThat(MessageId.of(ms - 1, 1023, 4095)).isLessThan(MessageId.firstOf(ms));
    }

    @Example
    void readsWhatPeopleMistake() {
        assertThat(MessageId.parse("OOOOOOOOOOOIL")).isEqualTo(MessageId.parse("0000000000011"));
    }

    @Example
    void saysWhatIsWrong() {
        refuses("123", Reason.SHAPE,
                "message id: 123 (expected: 13 characters of Crockford base 32, the first 0 to 7)");
        refuses("000000000000U", Reason.ALPHABET, null);
        refuses("00000000000-0", Reason.ALPHABET, null);
        refuses("8000000000000", Reason.ALPHABET, null);
        refuses("00000000000\u01310", Reason.ALPHABET, null);
        assertThatThrownBy(() -> MessageId.of(MessageId.EPOCH_MS - 1, 0, 0)).hasMessageStartingWith("time: ");
        assertThatThrownBy(() -> MessageId.of(MessageId.EPOCH_MS, 1024, 0)).hasMessageStartingWith("lease, counter: ");
        assertThatThrownBy(() -> MessageId.text(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void refuses(String text, Reason reason, @org.jspecify.annotations.Nullable String message) {
        InvalidIdException error = catchThrowableOfType(InvalidIdException.class, () -> MessageId.parse(text));
        assertThat(error.reason()).isEqualTo(reason);
        assertThat(error.getStackTrace()).isEmpty();
        if (message != null) {
            assertThat(error).hasMessage(message);
        }
    }
}

package io.longwire.keeper.trace;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TraceparentTest {
    private static final String GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void isTwentySixBytesAndTheSameTextAgain() {
        ByteString trace = Traceparent.parse(GOOD);

        assertThat(HexFormat.of().formatHex(trace.toByteArray()))
                .isEqualTo("000af7651916cd43dd8448eb211c80319cb7ad6b716920333101");
        assertThat(Traceparent.text(trace)).isEqualTo(GOOD);
        assertThat(Traceparent.traceId(GOOD)).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    }

    @ParameterizedTest
    @CsvSource({"00, 00", "01, 01", "02, 02", "03, 03", "ff, 03", "09, 01", "fc, 00"})
    void keepsTheFlagsItKnows(String given, String kept) {
        String text = GOOD.substring(0, 53) + given;

        assertThat(Traceparent.text(Traceparent.parse(text))).isEqualTo(GOOD.substring(0, 53) + kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-brings"})
    void readsOfALaterVersionWhatItKnows(String later) {
        assertThat(Traceparent.text(Traceparent.parse(later))).isEqualTo(GOOD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "garbage",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333x-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01"})
    void ignoresWhatIsMalformed(String text) {
        assertThat(Traceparent.parse(text)).isSameAs(ByteString.EMPTY);
    }

    @Test
    void bytesThatAreNoneHaveNoText() {
        assertThat(Traceparent.text(ByteString.EMPTY)).isEmpty();
        assertThat(Traceparent.text(ByteString.copyFrom(new byte[25]))).isEmpty();
        assertThat(Traceparent.text(ByteString.copyFrom(new byte[]{7}).concat(ByteString.copyFrom(new byte[25]))))
                .isEmpty();
        assertThat(Traceparent.traceId("")).isEmpty();
    }
}

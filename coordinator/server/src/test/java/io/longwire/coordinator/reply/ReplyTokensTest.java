package io.longwire.coordinator.reply;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ReplyTokensTest {
    private static final Asked ASKED = new Asked(7, 0xFEDCBA9876543210L, 41, 1_764_438_414_000L);

    private final ReplyTokens tokens = new ReplyTokens(new byte[32]);

    @Test
    void namesTheRequestThatItWasMadeFor() {
        assertThat(tokens.text(ASKED)).hasSize(60).matches("[A-Za-z0-9_-]+");
        assertThat(tokens.read(tokens.text(ASKED))).isEqualTo(ASKED);
    }

    @Test
    void isGoodOnlyWhole() {
        String text = tokens.text(ASKED);
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(tokens.read(text.substring(0, i) + other + text.substring(i + 1))).as("character " + i).isNull();
        }
        assertThat(tokens.read("")).isNull();
        assertThat(tokens.read(text + "A")).isNull();
        assertThat(tokens.read(text.substring(1))).isNull();
        assertThat(tokens.read("~".repeat(60))).isNull();
    }

    @Test
    void isWorthNothingUnderAnotherKey() {
        byte[] other = new byte[32];
        other[0] = 1;

        assertThat(new ReplyTokens(other).read(tokens.text(ASKED))).isNull();
    }
}

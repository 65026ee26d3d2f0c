package io.longwire.coordinator.callback;

import io.longwire.rpc.coordinator.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class CallbackRulesTest {
    private static final Callback GOOD = Callback.newBuilder().setAppId(7).setType("order")
            .setUrl("https://backend.example:8443/events?from=longwire").addSecrets("0123456789abcdef").build();

    @Test
    void fillsInWhatWasNotSaid() {
        Callback checked = CallbackRules.checked(GOOD);

        assertThat(checked.getBatch()).isEqualTo(100);
        assertThat(checked.getTimeoutMs()).isEqualTo(10_000);
        assertThat(checked.getMaxAttempts()).isEqualTo(100);
        assertThat(checked.getConcurrency()).isEqualTo(8);
    }

    @Test
    void showsNoSecret() {
        Callback shown = CallbackRules.shown(GOOD);

        assertThat(shown.getSecretsList()).isEmpty();
        assertThat(shown.getSecretIdsList()).containsExactly("9f9f5111"); // of its SHA-256
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "backend.example", "ftp://backend.example", "https://", "https:///path",
                    "https://u:p@b.example",
                    "https://b.example/#a", "https://b.example:0/", "https://b.example:70000/", "https://b c.example/",
                    "file:///etc/passwd", "//b.example/"})
    void refusesWhatIsNoUrlOfABackend(String url) {
        assertThatThrownBy(() -> CallbackRules.checked(GOOD.toBuilder().setUrl(url).build()))
                .hasMessageContaining("INVALID_ARGUMENT: url: ").hasMessageContaining("(expected: ");
    }

    @Test
    void refusesSecretsThatAreNoneAndNumbersOutOfTheirRange() {
        refused(GOOD.toBuilder().clearSecrets(), "secrets: none (expected: 1 or 2)");
        refused(GOOD.toBuilder().addSecrets("x".repeat(16)).addSecrets("y".repeat(16)), "secrets: 3 of them");
        refused(GOOD.toBuilder().setSecrets(0, "short"), "secrets: 5 characters");
        refused(GOOD.toBuilder().setSecrets(0, "with spaces, sixteen"), "secrets: 20 characters");
        refused(GOOD.toBuilder().setBatch(101), "batch: 101 (expected: 1 to 100)");
        refused(GOOD.toBuilder().setTimeoutMs(60_001), "timeout_ms: 60001 (expected: 100 to 60000)");
        refused(GOOD.toBuilder().setMaxAttempts(-1), "max_attempts: 4294967295 (expected: 1 to 1000)");
        refused(GOOD.toBuilder().setConcurrency(65), "concurrency: 65 (expected: 1 to 64)");
    }

    private static void refused(Callback.Builder wrong, String text) {
        assertThatThrownBy(() -> CallbackRules.checked(wrong.build())).hasMessageContaining(text);
    }
}

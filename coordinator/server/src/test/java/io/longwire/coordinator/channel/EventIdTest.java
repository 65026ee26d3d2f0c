package io.longwire.coordinator.channel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class EventIdTest {
    @Test
    void readsWhatItWrites() {
        var id = new EventId(63, "1764438414000-12");

        assertThat(EventId.parse(id.text())).isEqualTo(id);
        assertThat(id.millis()).isEqualTo(1_764_438_414_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "7-1", "64-1-0", "7-1-0-0", "x-1-0", "7--1-0", "7-1-0 ", "7-9999999999999999-0"})
    void takesNothingElse(String text) {
        assertThat(EventId.parse(text)).isNull();
    }
}

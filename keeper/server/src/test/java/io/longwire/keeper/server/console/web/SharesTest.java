package io.longwire.keeper.server.console.web;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SharesTest {
    private final Shares shares = new Shares(5, 2);

    @Test
    void nobodyTakesMoreThanHisShareAndAllNoMoreThanThereIs() {
        assertThat(shares.take("a")).isTrue();
        assertThat(shares.take("a")).isTrue();
        assertThat(shares.take("a")).isFalse();
        assertThat(shares.take("b")).isTrue();
        assertThat(shares.take("b")).isTrue();
        assertThat(shares.take("c")).isTrue();
        assertThat(shares.take("d")).as("all are taken").isFalse();
        assertThat(shares.taken()).isEqualTo(5);

        shares.give("a");
        assertThat(shares.take("d")).isTrue();
        shares.give("a");
        assertThat(shares.take("a")).isTrue();
    }
}

package io.longwire.sdk.android;

import io.longwire.device.id.MessageId;
import io.longwire.sdk.LongwireException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MessageNotificationsTest {
    @Test
    void theNumberIsMadeOfTheIdAlone() {
        String id = MessageId.text(MessageId.of(1_800_000_000_000L, 3, 7));
        assertThat(MessageNotifications.idOf(id)).isEqualTo(MessageNotifications.idOf(id));
        assertThat(MessageNotifications.idOf(id))
                .isNotEqualTo(MessageNotifications.idOf(MessageId.text(MessageId.of(1_800_000_000_000L, 3, 8))));
    }

    @Test
    void noSuchIdIsRefused() {
        assertThatThrownBy(() -> MessageNotifications.idOf("no id")).isInstanceOf(LongwireException.class)
                .hasMessageContaining("expected:");
    }
}

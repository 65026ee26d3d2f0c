package io.longwire.sdk.transport;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PeerNameTest {
    @Test
    void takesTheSameNameInAnyCase() {
        assertThat(PeerName.covers("room.Example.com", "ROOM.example.com")).isTrue();
        assertThat(PeerName.covers("room.example.com.", "room.example.com")).isTrue();
        assertThat(PeerName.covers("room.example.com", "other.example.com")).isFalse();
    }

    @Test
    void aWildcardStandsForOneWholeLabel() {
        assertThat(PeerName.covers("*.example.com", "room.example.com")).isTrue();
        assertThat(PeerName.covers("*.example.com", "a.room.example.com")).isFalse();
        assertThat(PeerName.covers("*.example.com", "example.com")).isFalse();
        assertThat(PeerName.covers("r*.example.com", "room.example.com")).isFalse();
    }

    @Test
    void noWildcardCoversAWholeTopLevel() {
        assertThat(PeerName.covers("*.com", "example.com")).isFalse();
        assertThat(PeerName.covers("*", "example")).isFalse();
    }
}

package io.longwire.keeper.server.config;

import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigScope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ReadingTest {
    private static final List<Member> LIVE = List.of(member("room-0", "h0", false), member("room-1", "h1", true),
            member("room-9", "h1", false));

    @Test
    void readsOnceForEveryCombinationOfLayers() {
        assertThat(Reading.of(List.of(layer("", ""), layer("h0", ""), layer("", "room-9"), layer("", "room-77")), LIVE))
                .containsExactly(new Reading("", ""), new Reading("h0", ""), new Reading("h1", "room-9"),
                        new Reading("", "room-77"));
        assertThat(Reading.of(List.of(), LIVE)).containsExactly(new Reading("", ""));
    }

    @Test
    void asksWhomItIsForFirst() {
        assertThat(new Reading("h1", "room-9").best(LIVE)).extracting(Processes::name)
                .containsExactly("room-9", "room-0", "room-1");
        assertThat(new Reading("h1", "").best(LIVE)).as("of the host, unless it drains").extracting(Processes::name)
                .startsWith("room-9");
        assertThat(new Reading("", "").best(LIVE)).extracting(Processes::name).startsWith("room-0");
    }

    private static ConfigLayer layer(String host, String instance) {
        return ConfigLayer.newBuilder().setScope(ConfigScope.newBuilder().setHost(host).setInstance(instance))
                .setYaml("size: 1").build();
    }

    private static Member member(String name, String host, boolean draining) {
        return new Member("room", name + "#1", 1, host, "local", "127.0.0.1:1", "", 0, draining, Map.of("name", name));
    }
}

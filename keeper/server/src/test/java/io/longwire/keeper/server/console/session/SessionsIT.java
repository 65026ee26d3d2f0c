package io.longwire.keeper.server.console.session;

import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.user.User;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.testkit.stores.ZooKeeperServer;
import io.longwire.testkit.time.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Sessions on a real ZooKeeper. */
final class SessionsIT {
    private static final Duration LIFE = Duration.ofHours(12);
    private static final String FOLDER = "/console/sessions";

    @TempDir
    private static Path data;
    private static ZooKeeperServer zookeeper;
    private static CuratorFramework client;
    private static Users users;

    private final VirtualClock clock = new VirtualClock();
    private Sessions sessions;

    @BeforeAll
    static void start() {
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
        client = ZooKeeperClient.connect(zookeeper.connectString(), "longwire", Duration.ofSeconds(10));
        users = new Users(client);
    }

    @BeforeEach
    void fresh() {
        sessions = new Sessions(client, users, LIFE, clock);
    }

    @AfterAll
    static void stop() {
        client.close();
        zookeeper.close();
    }

    @Test
    void aUserHasTwentySessionsAndTheOldestEnds() throws Exception {
        User script = added("script");
        User other = added("other");
        String others = sessions.begin(other);
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < Sessions.MOST + 3; i++) {
            tokens.add(sessions.begin(script));
        }

        assertThat(client.getChildren().forPath(FOLDER + "/script")).hasSize(Sessions.MOST);
        assertThat(tokens.subList(0, 3)).allSatisfy(token -> assertThat(sessions.find(token)).isEmpty());
        assertThat(tokens.subList(3, tokens.size()))
                .allSatisfy(token -> assertThat(sessions.find(token)).isPresent());
        assertThat(sessions.find(others)).as("another user's").isPresent();
    }

    @Test
    void aTokenOfOneUserIsNoneOfAnother() {
        String token = sessions.begin(added("anna"));
        added("bert");

        assertThat(sessions.find(token)).get().extracting(Session::user).isEqualTo("anna");
        assertThat(sessions.find(token.replace(".anna", ".bert"))).isEmpty();
        assertThat(sessions.find(token.replace(".anna", "./../users"))).isEmpty();
    }

    @Test
    void sweepsPastWhatCannotBeRead() throws Exception {
        String over = sessions.begin(added("carl"));
        sessions.begin(added("dora"));
        for (String user : List.of("carl", "dora")) {
            client.create().forPath(FOLDER + "/" + user + "/0broken", "{no json".getBytes(StandardCharsets.UTF_8));
        }
        users.remove("dora");
        clock.advance(LIFE.minusSeconds(1));
        String fresh = sessions.begin(users.find("carl").orElseThrow());
        clock.advance(Duration.ofSeconds(1));

        sessions.sweep();

        assertThat(sessions.find(over)).isEmpty();
        assertThat(sessions.find(fresh)).isPresent();
        assertThat(client.getChildren().forPath(FOLDER + "/carl")).hasSize(1);
        assertThat(client.checkExists().forPath(FOLDER + "/dora")).as("of a user who is gone").isNull();
    }

    private static User added(String name) {
        var user = new User(name, Role.VIEWER, "none", 1);
        users.add(user);
        return user;
    }
}

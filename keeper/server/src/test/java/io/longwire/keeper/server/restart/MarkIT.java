package io.longwire.keeper.server.restart;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.nio.file.Path;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** The mark of a part, with two keepers' sessions at a real ZooKeeper. */
final class MarkIT {
    @TempDir
    private Path data;
    private ZooKeeperServer server;
    private CuratorFramework one;
    private CuratorFramework two;

    @BeforeEach
    void start() {
        server = ZooKeeperServer.start(ZooKeeperServer.Options.in(data));
        one = client();
        two = client();
    }

    @AfterEach
    void stop() {
        two.close();
        one.close();
        server.close();
    }

    @Test
    void keepsASecondRestartOutUntilItIsTakenAway() {
        Mark mark = Mark.claim(one, "room", "r1 keeper-1");
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class,
                () -> Mark.claim(two, "room", "r2 keeper-2"));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(refused.getStatus().getDescription()).startsWith("part: room is being restarted");
        assertThat(Mark.claim(two, "center", "r2 keeper-2").ours()).as("another part").isTrue();
        assertThat(mark.ours()).isTrue();
        mark.free();
        assertThat(Mark.claim(two, "room", "r3 keeper-2").ours()).isTrue();
    }

    @Test
    void findsItsOwnWhenTheAnswerToItsMakingWasLost() {
        Mark.claim(one, "room", "r1 keeper-1");
        assertThat(Mark.claim(one, "room", "r1 keeper-1").ours()).isTrue();
    }

    @Test
    void goesWithItsSessionAndLeavesTheNextOnesAlone() throws Exception {
        Mark lost = Mark.claim(one, "room", "r1 keeper-1");
        // As a session that ended does it.
        two.delete().forPath("/restarts/going/room");
        assertThat(lost.ours()).isFalse();
        Mark next = Mark.claim(two, "room", "r2 keeper-2");
        assertThat(lost.ours()).isFalse();
        lost.free();
        assertThat(next.ours()).as("not the other's to take away").isTrue();
    }

    @Test
    void isNoOnesWhoseSessionIsAnother() throws Exception {
        Mark.claim(one, "room", "r1 keeper-1");
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class,
                () -> Mark.claim(two, "room", "r1 keeper-1"));
        assertThat(refused.getStatus().getCode()).as("it goes when that session ends")
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
    }

    private CuratorFramework client() {
        CuratorFramework client = CuratorFrameworkFactory.newClient(server.connectString(), new RetryOneTime(100));
        client.start();
        return client;
    }
}

package io.longwire.cli.platform;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.server.console.user.PasswordHash;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.user.User;
import io.longwire.keeper.server.console.user.Users;
import java.time.Duration;

/** The first user of a one-JVM platform's console. */
final class ConsoleOwner {
    static final String NAME = "admin";
    private static final String FILE = "console-password";

    private ConsoleOwner() {
    }

    /** The password, made at the first start of the data directory; the user is made if there is none at all. */
    static String password(PlatformFiles files, String zookeeper) {
        String password = files.kept(FILE, PlatformFiles::randomPassword);
        try (var client = ZooKeeperClient.connect(zookeeper, PartConfigs.NAMESPACE, Duration.ofSeconds(10))) {
            var users = new Users(client);
            if (users.all().isEmpty()) {
                users.add(new User(NAME, Role.OWNER, PasswordHash.of(password), Clock.system().wallMillis()));
            }
        }
        return password;
    }
}

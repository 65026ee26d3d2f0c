package io.longwire.keeper.server.console.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's users, one node each in ZooKeeper, so that every keeper and the command line know the same.
 * Thread-safe; blocks, and throws {@link StoreAway} when ZooKeeper does not answer.
 */
public final class Users {
    private static final Logger LOG = LoggerFactory.getLogger(Users.class);
    private static final String FOLDER = "/console/users";
    private static final int MOST_TRIES = 20;
    private static final JsonMapper JSON = new JsonMapper();

    private final CuratorFramework zookeeper;

    public Users(CuratorFramework zookeeper) {
        this.zookeeper = zookeeper;
    }

    /** The user of this name. */
    public Optional<User> find(String name) {
        if (!User.isName(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(name, zookeeper.getData().forPath(path(name))));
        } catch (KeeperException.NoNodeException none) {
            return Optional.empty();
        } catch (IOException broken) {
            LOG.error("console user {} cannot be read and may not sign in", name, broken);
            return Optional.empty();
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    /** All of them, by name. */
    public List<User> all() {
        try {
            var users = new ArrayList<User>();
            for (String name : zookeeper.getChildren().forPath(FOLDER).stream().sorted().toList()) {
                find(name).ifPresent(users::add);
            }
            return List.copyOf(users);
        } catch (KeeperException.NoNodeException none) {
            return List.of();
        } catch (StoreAway away) {
            throw away;
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    /** Adds the user; false if there is one of this name. */
    public boolean add(User user) {
        try {
            zookeeper.create().creatingParentsIfNeeded().forPath(path(user.name()), bytes(user));
            return true;
        } catch (KeeperException.NodeExistsException there) {
            return false;
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    /**
     * Changes the user of this name as it is kept now; empty if there is none. What others changed meanwhile stays:
     * the change is asked again for what they left, so it touches nothing but what it means. It throws what it will.
     */
    public Optional<User> change(String name, UnaryOperator<User> change) {
        if (!User.isName(name)) {
            return Optional.empty();
        }
        try {
            for (int i = 0; i < MOST_TRIES; i++) {
                var stat = new Stat();
                User kept = read(name, zookeeper.getData().storingStatIn(stat).forPath(path(name)));
                User changed = change.apply(kept);
                if (changed.equals(kept) || written(changed, stat.getVersion())) {
                    return Optional.of(changed);
                }
            }
        } catch (KeeperException.NoNodeException none) {
            return Optional.empty();
        } catch (IOException broken) {
            LOG.error("console user {} cannot be read and is not changed", name, broken);
            return Optional.empty();
        } catch (KeeperException | InterruptedException away) {
            throw StoreAway.because(away);
        } catch (RuntimeException refused) {
            throw refused;
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
        throw StoreAway.because(new IllegalStateException(name + " changes all the time"));
    }

    private boolean written(User user, int version) throws Exception {
        try {
            zookeeper.setData().withVersion(version).forPath(path(user.name()), bytes(user));
            return true;
        } catch (KeeperException.BadVersionException another) {
            return false;
        }
    }

    /** Removes the user; false if there is none. */
    public boolean remove(String name) {
        if (!User.isName(name)) {
            return false;
        }
        try {
            zookeeper.delete().forPath(path(name));
            return true;
        } catch (KeeperException.NoNodeException none) {
            return false;
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    private static String path(String name) {
        return FOLDER + "/" + name;
    }

    private static byte[] bytes(User user) throws IOException {
        return JSON.writeValueAsBytes(JSON.createObjectNode().put("role", user.role().label())
                .put("password_hash", user.passwordHash()).put("changed_ms", user.changedMillis()));
    }

    private static User read(String name, byte[] bytes) throws IOException {
        JsonNode node = JSON.readTree(bytes);
        Role role = Role.of(node.path("role").asText())
                .orElseThrow(() -> new IOException("role: " + node.path("role")
                        + " (expected: viewer, operator, owner)"));
        return new User(name, role, node.path("password_hash").asText(), node.path("changed_ms").asLong());
    }
}

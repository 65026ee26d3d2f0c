package io.longwire.keeper.server.console.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.server.console.user.StoreAway;
import io.longwire.keeper.server.console.user.User;
import io.longwire.keeper.server.console.user.Users;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is signed in, one node each in ZooKeeper, in its user's folder under the hash of the cookie: every keeper knows
 * it, whoever reads ZooKeeper cannot use it, and signing out ends it everywhere at once. A session ends after its time,
 * when its user is removed, when its user's role or password changes, and when the user has {@value #MOST} newer ones.
 * Looked up at each request: an operator's clicks, not a load. Thread-safe; blocks, and throws {@link StoreAway} when
 * ZooKeeper does not answer.
 */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final String FOLDER = "/console/sessions";
    /** Random, then whose it is: the folder that it is looked for in. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}\\.([a-z0-9][a-z0-9._-]{0,31})");
    private static final int TOKEN_BYTES = 32;
    static final int MOST = 20;
    private static final JsonMapper JSON = new JsonMapper();

    private final CuratorFramework zookeeper;
    private final Users users;
    private final Duration life;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public Sessions(CuratorFramework zookeeper, Users users, Duration life, Clock clock) {
        this.zookeeper = zookeeper;
        this.users = users;
        this.life = life;
        this.clock = clock;
    }

    /** Signs the user in; returns the cookie's value, which is not kept. */
    public String begin(User user) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "." + user.name();
        long now = clock.wallMillis();
        try {
            zookeeper.create().creatingParentsIfNeeded().forPath(path(user.name(), id(token)), JSON.writeValueAsBytes(
                    JSON.createObjectNode().put("user_changed_ms", user.changedMillis())
                            .put("expires_ms", now + life.toMillis())));
            endOldest(user.name());
            return token;
        } catch (StoreAway away) {
            throw away;
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    private void endOldest(String user) throws Exception {
        List<String> ids = zookeeper.getChildren().forPath(folder(user));
        if (ids.size() <= MOST) {
            return;
        }
        var made = new TreeMap<Long, String>();
        for (String id : ids) {
            Stat stat = zookeeper.checkExists().forPath(path(user, id));
            if (stat != null) {
                made.put(stat.getCzxid(), id);
            }
        }
        made.values().stream().limit(Math.max(0, made.size() - MOST)).forEach(id -> remove(path(user, id)));
    }

    /** The session of a cookie; empty if it is none, or over. */
    public Optional<Session> find(String token) {
        Matcher parts = TOKEN.matcher(token);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String id = id(token);
        String name = parts.group(1);
        try {
            JsonNode kept = JSON.readTree(zookeeper.getData().forPath(path(name, id)));
            if (kept.path("expires_ms").asLong() <= clock.wallMillis()) {
                return Optional.empty();
            }
            return users.find(name)
                    .filter(user -> user.changedMillis() == kept.path("user_changed_ms").asLong())
                    .map(user -> new Session(id, user.name(), user.role(), csrf(token),
                            kept.path("expires_ms").asLong()));
        } catch (KeeperException.NoNodeException none) {
            return Optional.empty();
        } catch (IOException broken) {
            LOG.warn("console session {} cannot be read and is over", id, broken);
            return Optional.empty();
        } catch (StoreAway away) {
            throw away;
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    /** Signs out, everywhere at once. */
    public void end(Session session) {
        remove(path(session.user(), session.id()));
    }

    /** Removes what is over, or cannot be read. Called now and then by whoever leads. */
    public void sweep() {
        for (String user : children(FOLDER)) {
            for (String id : children(folder(user))) {
                if (over(path(user, id))) {
                    remove(path(user, id));
                }
            }
            if (users.find(user).isEmpty()) {
                removeEmpty(folder(user));
            }
        }
    }

    private boolean over(String path) {
        try {
            return JSON.readTree(zookeeper.getData().forPath(path)).path("expires_ms").asLong() <= clock.wallMillis();
        } catch (KeeperException.NoNodeException goneMeanwhile) {
            return false;
        } catch (IOException broken) {
            LOG.warn("console session {} cannot be read and is removed", path, broken);
            return true;
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    private List<String> children(String path) {
        try {
            return zookeeper.getChildren().forPath(path);
        } catch (KeeperException.NoNodeException none) {
            return List.of();
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    private void remove(String path) {
        try {
            zookeeper.delete().quietly().forPath(path);
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    private void removeEmpty(String path) {
        try {
            zookeeper.delete().quietly().forPath(path);
        } catch (KeeperException.NotEmptyException signedInMeanwhile) {
            LOG.debug("{} is kept", path, signedInMeanwhile);
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    private static String folder(String user) {
        return FOLDER + "/" + user;
    }

    private static String path(String user, String id) {
        return folder(user) + "/" + id;
    }

    /** What a cookie is known by, whether there is such a session or not. */
    public static String id(String token) {
        return sha256("session " + token);
    }

    private static String csrf(String token) {
        return sha256("csrf " + token);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}

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
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is signed in, one node each in ZooKeeper under the hash of the cookie: every keeper knows it, whoever reads
 * ZooKeeper cannot use it, and signing out ends it everywhere at once. A session ends after its time, when its user
 * is removed, and when its user's role or password changes. Looked up at each request: an operator's clicks, not a
 * load. Thread-safe; blocks, and throws {@link StoreAway} when ZooKeeper does not answer.
 */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final String FOLDER = "/console/sessions";
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int TOKEN_BYTES = 32;
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
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        long now = clock.wallMillis();
        try {
            zookeeper.create().creatingParentsIfNeeded().forPath(path(id(token)), JSON.writeValueAsBytes(
                    JSON.createObjectNode().put("user", user.name()).put("user_changed_ms", user.changedMillis())
                            .put("expires_ms", now + life.toMillis())));
            return token;
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    /** The session of a cookie; empty if it is none, or over. */
    public Optional<Session> find(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        String id = id(token);
        try {
            JsonNode kept = JSON.readTree(zookeeper.getData().forPath(path(id)));
            if (kept.path("expires_ms").asLong() <= clock.wallMillis()) {
                return Optional.empty();
            }
            return users.find(kept.path("user").asText())
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
        remove(session.id());
    }

    /** Removes what is over. Called now and then by whoever leads. */
    public void sweep() {
        try {
            for (String id : zookeeper.getChildren().forPath(FOLDER)) {
                JsonNode kept = JSON.readTree(zookeeper.getData().forPath(path(id)));
                if (kept.path("expires_ms").asLong() <= clock.wallMillis()) {
                    remove(id);
                }
            }
        } catch (KeeperException.NoNodeException goneMeanwhile) {
            LOG.debug("a session went while they were swept", goneMeanwhile);
        } catch (StoreAway away) {
            throw away;
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    private void remove(String id) {
        try {
            zookeeper.delete().quietly().forPath(path(id));
        } catch (Exception away) {
            throw StoreAway.because(away);
        }
    }

    private static String path(String id) {
        return FOLDER + "/" + id;
    }

    private static String id(String token) {
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

package io.longwire.center.profile;

import io.longwire.center.access.Believed;
import io.longwire.center.refuse.Refused;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AliasReply;
import io.longwire.rpc.saver.AliasRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The endpoints of an alias, for sends and for the API. An answer, an empty one too, is believed for at most five
 * seconds, so a send may miss an endpoint that was bound, or reach one that was unbound, so long ago; what this process
 * changes itself it sees at once. Thread-safe, never blocks.
 */
public final class Aliases {
    /** Longest alias. */
    public static final int MAX_CHARS = 128;

    private static final int MAX_CACHED = 100_000;
    private static final Duration MAX_TTL = Duration.ofSeconds(5);

    private final Believed<Name, List<Long>> endpoints;

    private record Name(int appId, String alias) {
    }

    /** @param ttl how long an answer is believed; five seconds at most */
    public Aliases(ProfileStore store, Duration ttl, Clock clock) {
        this.endpoints = new Believed<>(name -> ask(store, name), MAX_CACHED,
                ttl.compareTo(MAX_TTL) > 0 ? MAX_TTL : ttl, clock);
    }

    /**
     * The endpoint ids, in no order; empty = nobody has the alias. Fails with RpcFailure when no saver answers. Throws
     * {@link Refused} for what cannot be an alias.
     */
    public CompletableFuture<List<Long>> endpoints(int appId, String alias) {
        return endpoints.get(new Name(appId, check("alias", alias)));
    }

    /** The endpoint ids as a saver has them now. */
    public CompletableFuture<List<Long>> endpointsNow(int appId, String alias) {
        changed(appId, check("alias", alias));
        return endpoints(appId, alias);
    }

    /** The alias if it can be one: 1 to 128 characters, none of them a control character. Throws {@link Refused}. */
    public static String check(String field, String alias) {
        if (alias.isEmpty() || alias.length() > MAX_CHARS || alias.chars().anyMatch(Character::isISOControl)) {
            throw Refused.invalid(field, alias.isEmpty() ? "missing" : alias,
                    "1 to " + MAX_CHARS + " characters, no control characters");
        }
        return alias;
    }

    void changed(int appId, String alias) {
        endpoints.forget(new Name(appId, alias));
    }

    private static CompletableFuture<List<Long>> ask(ProfileStore store, Name name) {
        return store.alias(AliasRequest.newBuilder().setAppId(name.appId).setAlias(name.alias).build())
                .thenApply(AliasReply::getEndpointIdsList).thenApply(List::copyOf);
    }
}

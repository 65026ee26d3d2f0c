package io.longwire.center.ban;

import io.longwire.center.access.Caller;
import io.longwire.center.access.Cursor;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.Scope;
import io.longwire.center.audit.Audit;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.BanInfo;
import io.longwire.rpc.center.BanName;
import io.longwire.rpc.center.CreateBanRequest;
import io.longwire.rpc.center.ListBansReply;
import io.longwire.rpc.center.ListBansRequest;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.LiftBanRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Bans by API. A product bans its own endpoints and aliases, the operator anybody's, and networks; what the operator
 * does is in the audit log before it is done. Rooms and centers follow the list within about a second. Thread-safe,
 * never blocks.
 */
public final class Bans {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 500;

    private final EndpointNames names;
    private final BanStore store;
    private final Audit audit;
    private final Clock clock;

    public Bans(EndpointNames names, BanStore store, Audit audit, Clock clock) {
        this.names = names;
        this.store = store;
        this.audit = audit;
        this.clock = clock;
    }

    /** In force everywhere about a second after the answer. */
    public CompletableFuture<BanInfo> create(Caller caller, CreateBanRequest request, String address) {
        if (!request.getNetwork().isEmpty()) {
            caller.mustBeAdmin();
        }
        int appId = caller.appOrAny(Scope.KICK, request.getAppId());
        Ban ban = BanRules.ban(request, appId, names, clock.wallMillis());
        var change = new Audit.Change("ban.create", ban.getAppId(), subject(ban),
                (request.getDuration().isEmpty() ? "until lifted" : "for " + request.getDuration()) + "; "
                        + request.getReason(),
                address);
        return recorded(caller, change, () -> store.putBan(ban).thenApply(kept -> switch (kept.getCode()) {
            case OK -> info(kept);
            case LIMIT -> throw Refused.because(Why.LIMIT_REACHED, kept.getReason());
            case NO_ENDPOINT -> throw EndpointNames.unknown("endpoint", request.getEndpoint());
            case ABSENT, UNRECOGNIZED -> throw Refused.because(Why.INTERNAL, "saver: an answer of a later version");
        }));
    }

    /** Ends it everywhere about a second after the answer; UNKNOWN_BAN if it is none of the app's, or over. */
    public CompletableFuture<BanInfo> lift(Caller caller, BanName request, String address) {
        int appId = caller.appOrAny(Scope.KICK, request.getAppId());
        long banId = BanRules.id("ban_id", request.getBanId());
        var lift = LiftBanRequest.newBuilder().setAppId(appId).setBanId(banId).build();
        var change = new Audit.Change("ban.lift", appId, "ban " + banId, "", address);
        return recorded(caller, change, () -> store.liftBan(lift).thenApply(ban -> {
            if (ban.getCode() == Ban.Code.ABSENT) {
                throw Refused.because(Why.UNKNOWN_BAN, "ban_id: " + banId + " (expected: a ban of the app, in force)");
            }
            return info(ban);
        }));
    }

    /** Those in force, by id. */
    public CompletableFuture<ListBansReply> list(Caller caller, ListBansRequest request) {
        int appId = caller.appOrAny(Scope.READ, request.getAppId());
        int limit = Cursor.limit(request.getLimit(), DEFAULT_PAGE, MAX_PAGE);
        long after = request.getCursor().isEmpty() ? 0 : BanRules.id("cursor", request.getCursor());
        return store.bans(io.longwire.rpc.saver.ListBansRequest.newBuilder().setAppId(appId).setAfterId(after)
                .setLimit(limit).build()).thenApply(found -> {
                    var reply = ListBansReply.newBuilder();
                    found.getBansList().forEach(ban -> reply.addBans(info(ban)));
                    if (found.getBansCount() == limit) {
                        reply.setCursor(Long.toString(found.getBans(limit - 1).getBanId()));
                    }
                    return reply.build();
                });
    }

    private <A> CompletableFuture<A> recorded(Caller caller, Audit.Change change,
            Supplier<CompletableFuture<A>> work) {
        return caller.admin() ? audit.recorded(change, work) : work.get();
    }

    private String subject(Ban ban) {
        return ban.getKind() == Ban.Kind.ENDPOINT
                ? names.text(ban.getAppId(), ban.getEndpointId())
                : ban.getSubject();
    }

    private BanInfo info(Ban ban) {
        var info = BanInfo.newBuilder().setBanId(Long.toString(ban.getBanId())).setReason(ban.getReason())
                .setCreatedMs(ban.getCreatedMs()).setUntilMs(ban.getUntilMs())
                .setState(ban.getLifted() ? "lifted" : "active");
        return switch (ban.getKind()) {
            case ENDPOINT -> info.setEndpoint(subject(ban)).build();
            case ALIAS -> info.setAlias(subject(ban)).build();
            case NETWORK -> info.setNetwork(subject(ban)).build();
            case NONE, UNRECOGNIZED -> info.build();
        };
    }
}

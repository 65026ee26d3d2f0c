package io.longwire.center.fakes;

import com.google.protobuf.ByteString;
import io.longwire.center.Archive;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.AliasReply;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.DeadLetter;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.LeaseSchedulesRequest;
import io.longwire.rpc.saver.LiftBanRequest;
import io.longwire.rpc.saver.ListAuditReply;
import io.longwire.rpc.saver.ListAuditRequest;
import io.longwire.rpc.saver.ListBansReply;
import io.longwire.rpc.saver.ListBansRequest;
import io.longwire.rpc.saver.ListDeadReply;
import io.longwire.rpc.saver.ListDeadRequest;
import io.longwire.rpc.saver.ListSchedulesReply;
import io.longwire.rpc.saver.ListSchedulesRequest;
import io.longwire.rpc.saver.MarkDeadRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.rpc.saver.PullReceiptsReply;
import io.longwire.rpc.saver.PullReceiptsRequest;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.ScheduleRequest;
import io.longwire.rpc.saver.SettleScheduleRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/** What the savers keep beside messages, in memory, as their contract says. Thread-safe. */
public final class FakeArchive implements Archive {
    /** The next settles fail, as many as this. */
    public int settlesToFail;
    /** The audit log cannot be written. */
    public boolean auditAway;
    /** What was scanned. */
    public final List<ConservationRequest> scans = Collections.synchronizedList(new ArrayList<>());
    /** Every receipt there is, by app. */
    public final Map<Integer, List<Receipt>> receipts = new HashMap<>();
    /** Dead letters by app. */
    public final Map<Integer, List<DeadLetter>> dead = new HashMap<>();
    public int aliasLooks;
    /** Schedules are refused with this. */
    public @Nullable RpcFailure putsFail;
    private final Clock clock;
    private final TreeMap<Long, Schedule> schedules = new TreeMap<>();
    private final Map<Long, Long> leases = new HashMap<>();
    private final Map<String, Profile> profiles = new HashMap<>();
    private final List<Ban> bans = new ArrayList<>();
    private long lastBan;
    private final List<AuditRecord> audit = new ArrayList<>();

    public FakeArchive(Clock clock) {
        this.clock = clock;
    }

    /** As new. */
    public synchronized void reset() {
        schedules.clear();
        leases.clear();
        profiles.clear();
        audit.clear();
        bans.clear();
        receipts.clear();
        dead.clear();
        scans.clear();
        auditAway = false;
        settlesToFail = 0;
    }

    /** An endpoint that profiles may be kept for. */
    public synchronized void endpoint(int appId, long endpointId) {
        profiles.put(appId + "/" + endpointId, Profile.newBuilder().setEndpointId(endpointId).build());
    }

    public synchronized Schedule schedule(long id) {
        return schedules.getOrDefault(id, Schedule.getDefaultInstance());
    }

    public synchronized List<AuditRecord> audited() {
        return List.copyOf(audit);
    }

    @Override
    public synchronized CompletableFuture<Profile> updateProfile(ProfileUpdate update) {
        String key = update.getAppId() + "/" + update.getEndpointId();
        Profile before = profiles.get(key);
        if (before == null) {
            return done(Profile.newBuilder().setCode(Profile.Code.NO_ENDPOINT).build());
        }
        Set<String> tags = changed(before.getTagsList(), update.getAddTagsList(), update.getRemoveTagsList());
        if (tags.size() > 100) {
            return done(Profile.newBuilder().setCode(Profile.Code.LIMIT)
                    .setReason("tags: " + tags.size() + " (expected: at most 100)").build());
        }
        var attributes = new HashMap<>(before.getAttributesMap());
        attributes.putAll(update.getSetAttributesMap());
        attributes.keySet().removeAll(update.getRemoveAttributesList());
        Profile after = Profile.newBuilder().setEndpointId(update.getEndpointId()).addAllTags(tags)
                .putAllAttributes(attributes).addAllAliases(changed(before.getAliasesList(),
                        update.getBindAliasesList(), update.getUnbindAliasesList()))
                .setChangedMs(clock.wallMillis()).build();
        profiles.put(key, after);
        return done(after);
    }

    @Override
    public synchronized CompletableFuture<Ban> putBan(Ban ban) {
        bans.removeIf(one -> one.getKind() == ban.getKind() && one.getAppId() == ban.getAppId()
                && one.getSubject().equals(ban.getSubject()) && one.getEndpointId() == ban.getEndpointId());
        Ban kept = ban.toBuilder().setBanId(++lastBan).setCreatedMs(clock.wallMillis()).build();
        bans.add(kept);
        return done(kept);
    }

    @Override
    public synchronized CompletableFuture<Ban> liftBan(LiftBanRequest request) {
        for (Ban ban : bans) {
            if (ban.getBanId() == request.getBanId() && ban.getAppId() == request.getAppId()) {
                bans.remove(ban);
                return done(ban.toBuilder().setLifted(true).build());
            }
        }
        return done(Ban.newBuilder().setCode(Ban.Code.ABSENT).build());
    }

    @Override
    public synchronized CompletableFuture<ListBansReply> bans(ListBansRequest request) {
        return done(ListBansReply.newBuilder().addAllBans(bans.stream()
                .filter(ban -> ban.getAppId() == request.getAppId() && ban.getBanId() > request.getAfterId())
                .limit(request.getLimit()).toList()).build());
    }

    @Override
    public synchronized CompletableFuture<Profile> profile(GetEndpointRequest request) {
        return done(profiles.getOrDefault(request.getAppId() + "/" + request.getEndpointId(),
                Profile.newBuilder().setCode(Profile.Code.NO_ENDPOINT).build()));
    }

    @Override
    public synchronized CompletableFuture<AliasReply> alias(AliasRequest request) {
        aliasLooks++;
        var found = AliasReply.newBuilder();
        profiles.forEach((key, profile) -> {
            if (key.startsWith(request.getAppId() + "/") && profile.getAliasesList().contains(request.getAlias())) {
                found.addEndpointIds(profile.getEndpointId());
            }
        });
        return done(found.build());
    }

    @Override
    public synchronized CompletableFuture<Schedule> putSchedule(Schedule schedule) {
        if (putsFail != null) {
            return CompletableFuture.failedFuture(putsFail);
        }
        var before = schedules.values().stream()
                .filter(other -> schedule.hasIdempotency() && other.getAppId() == schedule.getAppId() && other
                        .getIdempotency().getKeyHash().equals(schedule.getIdempotency().getKeyHash()))
                .findFirst();
        return done(before.orElseGet(() -> {
            schedules.put(schedule.getScheduleId(), schedule);
            return schedule;
        }));
    }

    @Override
    public synchronized CompletableFuture<Schedule> schedule(ScheduleRequest request) {
        Schedule found = schedules.get(request.getScheduleId());
        if (found == null || found.getAppId() != request.getAppId()) {
            return done(Schedule.getDefaultInstance());
        }
        boolean over = found.getState() == Schedule.State.DONE || found.getState() == Schedule.State.DELETED;
        if (request.getState() != Schedule.State.ABSENT && !over) {
            found = found.toBuilder().setState(request.getState()).build();
            schedules.put(request.getScheduleId(), found);
        }
        return done(found);
    }

    @Override
    public synchronized CompletableFuture<ListSchedulesReply> schedules(ListSchedulesRequest request) {
        return done(ListSchedulesReply.newBuilder()
                .addAllSchedules(schedules.tailMap(request.getAfterId(), false).values().stream()
                        .filter(schedule -> schedule.getAppId() == request.getAppId()).limit(request.getLimit())
                        .toList())
                .build());
    }

    @Override
    public synchronized CompletableFuture<ListSchedulesReply> leaseSchedules(LeaseSchedulesRequest request) {
        long now = clock.wallMillis();
        var due = schedules.values().stream()
                .filter(schedule -> schedule.getState() == Schedule.State.ACTIVE && schedule.getNextFireMs() != 0
                        && schedule.getNextFireMs() <= request.getNowMs()
                        && leases.getOrDefault(schedule.getScheduleId(), 0L) <= now)
                .limit(request.getLimit()).toList();
        due.forEach(schedule -> leases.put(schedule.getScheduleId(), now + request.getLeaseMs()));
        return done(ListSchedulesReply.newBuilder().addAllSchedules(due).build());
    }

    @Override
    public synchronized CompletableFuture<Schedule> settleSchedule(SettleScheduleRequest request) {
        if (settlesToFail > 0) {
            settlesToFail--;
            return FakeNeighbours.failed(RpcFailure.Kind.DEADLINE);
        }
        Schedule found = schedule(request.getScheduleId());
        if (found.getNextFireMs() != request.getFiredMs() || found.getAppId() != request.getAppId()) {
            return done(found);
        }
        var after = found.toBuilder().setNextFireMs(request.getNextFireMs()).setLastProblem(request.getProblem())
                .setLastFireMs(request.getFiredMs());
        if (request.getMessageId() != 0) {
            after.setLastMessageId(request.getMessageId());
        }
        if (request.getMessageId() != 0 || request.getProblem().isEmpty()) {
            after.setFired(found.getFired() + 1);
        }
        if (request.getNextFireMs() == 0) {
            after.setState(Schedule.State.DONE);
        }
        schedules.put(found.getScheduleId(), after.build());
        leases.remove(found.getScheduleId());
        return done(after.build());
    }

    @Override
    public synchronized CompletableFuture<PullReceiptsReply> receipts(PullReceiptsRequest request) {
        List<Receipt> all = receipts.getOrDefault(request.getAppId(), List.of());
        int from = Math.min(all.size(),
                request.getCursor().isEmpty() ? 0 : Integer.parseInt(request.getCursor().toStringUtf8()));
        int to = Math.min(all.size(), from + request.getLimit());
        return done(PullReceiptsReply.newBuilder().addAllReceipts(all.subList(from, to)).setMore(to < all.size())
                .setCursor(to == from ? ByteString.EMPTY : ByteString.copyFromUtf8("" + to)).build());
    }

    @Override
    public synchronized CompletableFuture<ListDeadReply> deadLetters(ListDeadRequest request) {
        return done(ListDeadReply.newBuilder()
                .addAllLetters(dead.getOrDefault(request.getAppId(), List.of()).stream()
                        .filter(letter -> request.getEndpointId() == 0
                                || letter.getEndpointId() == request.getEndpointId())
                        .map(letter -> letter.toBuilder().clearEnvelope().build()).limit(request.getLimit()).toList())
                .build());
    }

    @Override
    public synchronized CompletableFuture<DeadLetter> deadLetter(CancelRequest request) {
        return done(dead.getOrDefault(request.getAppId(), List.of()).stream()
                .filter(letter -> letter.getEndpointId() == request.getEndpointId()
                        && letter.getMessageId() == request.getMessageId())
                .findFirst().orElse(DeadLetter.getDefaultInstance()));
    }

    @Override
    public synchronized CompletableFuture<DeadLetter> markDead(MarkDeadRequest request) {
        dead.computeIfPresent(request.getAppId(), (app, letters) -> letters.stream()
                .map(letter -> letter.getMessageId() == request.getMessageId() && letter.getResentAs() == 0
                        ? letter.toBuilder().setResentAs(request.getResentAs()).build()
                        : letter)
                .toList());
        return done(DeadLetter.getDefaultInstance());
    }

    @Override
    public synchronized CompletableFuture<AuditRecord> addAudit(AuditRecord record) {
        if (auditAway) {
            return FakeNeighbours.failed(RpcFailure.Kind.DEADLINE);
        }
        var kept = record.toBuilder().setSeq(audit.size() + 1L).setAtMs(clock.wallMillis()).build();
        audit.add(kept);
        return done(kept);
    }

    @Override
    public synchronized CompletableFuture<ListAuditReply> audit(ListAuditRequest request) {
        return done(ListAuditReply.newBuilder().addAllRecords(audit.reversed().stream()
                .filter(record -> request.getBeforeSeq() == 0 || record.getSeq() < request.getBeforeSeq())
                .filter(record -> request.getAppId() == 0 || record.getAppId() == request.getAppId())
                .limit(request.getLimit()).toList()).build());
    }

    @Override
    public CompletableFuture<Conservation> conservation(ConservationRequest request) {
        scans.add(request);
        return done(Conservation.newBuilder().setRows(5).putEnded("ACKED", 3).putEnded("EXPIRED", 1).setLive(1)
                .build());
    }

    private static Set<String> changed(List<String> before, List<String> add, List<String> remove) {
        var after = new LinkedHashSet<>(before);
        after.addAll(add);
        remove.forEach(after::remove);
        return after;
    }

    private static <A> CompletableFuture<A> done(A answer) {
        return CompletableFuture.completedFuture(answer);
    }
}

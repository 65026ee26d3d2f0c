package io.longwire.center;

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
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.ScheduleRequest;
import io.longwire.rpc.saver.SettleScheduleRequest;
import io.longwire.saver.client.BanClient;
import io.longwire.saver.client.SaverClient;
import java.util.concurrent.CompletableFuture;

/** The archive, kept by the savers. Stateless. */
record SaverArchive(SaverClient saver, BanClient bans) implements Archive {
    @Override
    public CompletableFuture<Ban> putBan(Ban ban) {
        return bans.put(ban);
    }

    @Override
    public CompletableFuture<Ban> liftBan(LiftBanRequest request) {
        return bans.lift(request);
    }

    @Override
    public CompletableFuture<ListBansReply> bans(ListBansRequest request) {
        return bans.list(request);
    }

    @Override
    public CompletableFuture<Profile> updateProfile(ProfileUpdate update) {
        return saver.updateProfile(update);
    }

    @Override
    public CompletableFuture<Profile> profile(GetEndpointRequest request) {
        return saver.profile(request);
    }

    @Override
    public CompletableFuture<AliasReply> alias(AliasRequest request) {
        return saver.findAlias(request);
    }

    @Override
    public CompletableFuture<Schedule> putSchedule(Schedule schedule) {
        return saver.putSchedule(schedule);
    }

    @Override
    public CompletableFuture<Schedule> schedule(ScheduleRequest request) {
        return saver.schedule(request);
    }

    @Override
    public CompletableFuture<ListSchedulesReply> schedules(ListSchedulesRequest request) {
        return saver.schedules(request);
    }

    @Override
    public CompletableFuture<ListSchedulesReply> leaseSchedules(LeaseSchedulesRequest request) {
        return saver.leaseSchedules(request);
    }

    @Override
    public CompletableFuture<Schedule> settleSchedule(SettleScheduleRequest request) {
        return saver.settleSchedule(request);
    }

    @Override
    public CompletableFuture<PullReceiptsReply> receipts(PullReceiptsRequest request) {
        return saver.pullReceipts(request);
    }

    @Override
    public CompletableFuture<ListDeadReply> deadLetters(ListDeadRequest request) {
        return saver.deadLetters(request);
    }

    @Override
    public CompletableFuture<DeadLetter> deadLetter(CancelRequest request) {
        return saver.deadLetter(request);
    }

    @Override
    public CompletableFuture<DeadLetter> markDead(MarkDeadRequest request) {
        return saver.markDead(request);
    }

    @Override
    public CompletableFuture<AuditRecord> addAudit(AuditRecord record) {
        return saver.audit(record);
    }

    @Override
    public CompletableFuture<ListAuditReply> audit(ListAuditRequest request) {
        return saver.auditLog(request);
    }

    @Override
    public CompletableFuture<Conservation> conservation(ConservationRequest request) {
        return saver.conservation(request);
    }
}

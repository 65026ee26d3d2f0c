package io.longwire.saver;

import io.longwire.keeper.service.Service;
import io.longwire.saver.account.Apps;
import io.longwire.saver.append.RequestKeys;
import io.longwire.saver.ask.Funnels;
import io.longwire.saver.audit.AuditLog;
import io.longwire.saver.ban.AliasBans;
import io.longwire.saver.due.Reach;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.head.Heads;
import io.longwire.saver.keep.Retention;
import io.longwire.saver.keep.SameTime;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.profile.AliasRules;
import io.longwire.saver.profile.Devices;
import io.longwire.saver.profile.Profiles;
import io.longwire.saver.receipt.PullReceipts;
import io.longwire.saver.receipt.Receipts;
import io.longwire.saver.schedule.Leases;
import io.longwire.saver.schedule.Schedules;
import io.longwire.saver.usage.Recount;
import io.longwire.saver.usage.UsageTable;
import io.longwire.saver.usage.Usages;

/** What stands beside messages: heads, receipts, usage, profiles, schedules, audit. */
record Records(Written written, Asked asked, Profiles profiles, Schedules schedules, Leases leases) {
    /** Where all of it is kept, and who tells endpoints that they lost an alias. */
    record Stores(Shards shards, ColdCalls calls, Apps apps, Reach reach) {
    }

    /** What the life of a message writes to. */
    record Written(Heads heads, Receipts receipts, Usages usages, RequestKeys keys) {
    }

    /** What is only asked for. */
    record Asked(Funnels funnels, UsageTable usage, AuditLog audit, PullReceipts pulls) {
    }

    static Records wire(Service service, Stores stores) {
        var clock = service.clock();
        var metrics = service.metrics();
        var shards = stores.shards;
        var usage = new UsageTable(shards.first());
        var heads = service.own(new Heads(shards, clock, metrics));
        var keys = service.own(new RequestKeys(shards, clock, service.halts()));
        var written = new Written(heads, service.own(new Receipts(shards, stores.apps, clock, metrics)),
                new Usages(stores.apps, usage, clock, metrics), keys);
        return new Records(written,
                new Asked(new Funnels(shards, heads, stores.calls), usage, new AuditLog(shards.first(), clock),
                        new PullReceipts(shards)),
                new Profiles(shards, new AliasRules(new AliasBans(shards.first(), clock),
                        app -> Devices.of(stores.apps.get(app).getDevices()), (endpoint, alias, lost) -> stores.reach
                                .signOut(endpoint, alias, () -> stores.calls.call(lost::stands))),
                        clock),
                new Schedules(shards, keys, stores.calls, clock),
                new Leases(shards, stores.calls, clock));
    }

    /** Starts what is done again and again; the service closes it. */
    void startRounds(Service service, Shards shards, WorkedSlots worked) {
        var clock = service.clock();
        var metrics = service.metrics();
        service.own(written.usages.start());
        service.own(new Recount(worked, shards, asked.usage, clock, metrics).start());
        service.own(new Retention(shards, SameTime.of(clock), clock, metrics).start());
    }
}

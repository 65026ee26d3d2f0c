package io.longwire.saver.account;

import io.longwire.keeper.service.Service;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.end.Endings;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.keep.SameTime;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.profile.Profiles;

/** Everything about apps, keys and endpoints that is asked for by cold calls, and what becomes of endpoints in time. */
public record Accounts(Apps apps, Keys keys, Registration registration, Deletion deletion, Seen seen, Aging aging) {
    /** Where accounts are kept, and what an endpoint leaves behind. */
    public record Stores(Shards shards, ColdCalls calls, RedisNodes redis, Endings endings, Profiles profiles,
            WorkedSlots worked) {
    }

    /** Puts them together; the caller starts {@link #aging}. */
    public static Accounts wire(Service service, Stores stores, Apps apps, Endpoints endpoints) {
        var clock = service.clock();
        var metrics = service.metrics();
        var shards = stores.shards;
        var slots = new SlotKeys(clock);
        var registration = new Registration(shards, apps, endpoints, clock);
        var deletion = service.own(new Deletion(shards, registration, stores.profiles, stores.calls, stores.redis,
                slots, stores.endings));
        var erasure = new Erasure(shards, stores.profiles, endpoints, stores.redis, slots);
        return new Accounts(apps, new Keys(shards.first(), apps, clock), registration, deletion,
                service.own(new Seen(shards, clock, metrics)),
                new Aging(stores.worked, shards, SameTime.of(clock), deletion, erasure, clock, metrics));
    }
}

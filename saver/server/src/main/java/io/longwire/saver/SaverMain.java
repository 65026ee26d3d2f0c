package io.longwire.saver;

import io.longwire.keeper.metrics.Vitals;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.StartFailure;
import io.longwire.register.client.RegisterClient;
import io.longwire.room.client.RoomClient;
import io.longwire.saver.account.Accounts;
import io.longwire.saver.account.Apps;
import io.longwire.saver.account.Endpoints;
import io.longwire.saver.append.Appends;
import io.longwire.saver.ask.ConservationScan;
import io.longwire.saver.ask.LawRounds;
import io.longwire.saver.ask.ManyEndpoints;
import io.longwire.saver.ask.Timelines;
import io.longwire.saver.cold.ColdSlots;
import io.longwire.saver.cold.Parking;
import io.longwire.saver.cold.Repair;
import io.longwire.saver.due.DueWorker;
import io.longwire.saver.due.FastSweep;
import io.longwire.saver.due.Reach;
import io.longwire.saver.due.RegisterReach;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.end.Attempts;
import io.longwire.saver.end.DeadLetters;
import io.longwire.saver.end.EndEffects;
import io.longwire.saver.end.EndItems;
import io.longwire.saver.end.Endings;
import io.longwire.saver.fetch.Fetches;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Committed;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.partition.PartitionKeeper;
import io.longwire.saver.partition.ShardStart;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: {@code longwire run saver --config FILE}. */
public final class SaverMain {
    private static final Logger LOG = LoggerFactory.getLogger(SaverMain.class);

    private SaverMain() {
    }

    public static void main(String[] args) {
        Service.run("saver", args, SaverConfig::read, SaverMain::wire);
    }

    /** Puts the saver together; the same for the process, the one-JVM platform and the tests. */
    public static void wire(Service service, SaverConfig config) throws Exception {
        var register = service.own(
                new RegisterClient(service.rpc(), service.cluster(), service.clock(), service.metrics()));
        var rooms = service.own(new RoomClient(service.rpc(), service.cluster()));
        wire(service, config, new RegisterReach(register, rooms, service.clock()));
    }

    /** The saver behind its way to the endpoints. */
    static void wire(Service service, SaverConfig config, Reach reach) throws Exception {
        var clock = service.clock();
        var metrics = service.metrics();
        var halts = service.halts();
        var shards = service.own(new Shards(shards(config, service), service.cluster()::shardOf));
        var redis = service.own(new RedisNodes(config.redis(), service.live((SaverConfig now) -> now.redis().timeout()),
                clock, metrics));
        var apps = new Apps(shards.first(), clock);
        var calls = service.own(new ColdCalls(service.live(SaverConfig::coldCalls)));
        var recordStores = new Records.Stores(shards, calls, apps, reach);
        var records = Records.wire(service, recordStores);
        var heads = records.written().heads();
        var receipts = records.written().receipts();
        var usages = records.written().usages();
        var effects = new EndEffects(receipts, usages);
        var partitions = new PartitionKeeper(shards, effects, clock, halts, metrics);
        var start = service.own(new ShardStart(shards, partitions, clock));
        var committed = new Committed(clock);
        var endings = service.own(new Endings(shards,
                new Endings.Parts(redis, new Inbox(clock), committed, effects, clock, halts), receipts, metrics));
        var letters = new DeadLetters(shards);
        var attempts = service.own(new Attempts(shards, redis, endings,
                new Attempts.Dead(letters, calls, heads::payload), clock, metrics));
        var cold = service.own(new ColdSlots(shards, redis, clock, metrics));
        var worked = service.own(new WorkedSlots(service.cluster()));
        var endpoints = service.own(new Endpoints(shards, clock, metrics));
        var accounts = Accounts.wire(service,
                new Accounts.Stores(shards, calls, redis, endings, records.profiles(), worked), apps, endpoints);

        var appends = service.own(new Appends(shards, config.shards().getFirst().writers(),
                new Appends.Parts(endpoints, apps, redis, cold, endings, committed, usages, clock, halts), metrics));
        var fetches = service.own(new Fetches(shards, redis, cold, endings, heads::payload, clock, metrics));
        var timelines = service.own(
                new Timelines(new Timelines.Parts(shards, calls, redis, cold, endings, clock)));
        var due = new DueWorker(worked, redis, clock, endings, reach, service.live(SaverConfig::due)::get, metrics);
        var stores = new Repair.Stores(shards, redis, clock);
        var repair = new Repair(cold, worked, stores, apps, endings, reach, metrics);

        waitForStores(config, start, redis);
        service.own(new Rounds("apps", clock, Duration.ofSeconds(2), apps::refresh, () -> { // said by health
        })).runOnce();
        service.own(cold.start()).runOnce();
        service.own(repair.start());
        service.own(repair.startVerifying());
        service.own(due.start(clock));
        service.own(new FastSweep(worked, redis, clock, endings.adoption()).start(clock));
        service.own(partitions.start());
        service.own(new Parking(worked, stores, metrics).start());
        service.own(accounts.aging().start());
        var conservation = new ConservationScan(shards, redis, cold, clock);
        service.own(new LawRounds(worked, conservation, cold, clock, metrics).start());
        records.startRounds(service, shards, worked);
        metrics.gauge(SaverMetric.LEDGER_QUEUED, () -> appends.queued() + endings.queued());
        health(service, shards, redis, partitions, cold);
        service.serve(new SaverRpc(
                new SaverRpc.Parts(appends, fetches, new EndItems(endings, attempts), timelines,
                        new ManyEndpoints(new ManyEndpoints.Parts(shards, calls, accounts.registration(), redis, cold,
                                clock)),
                        conservation, accounts, records, letters, calls),
                service.cluster(), clock, metrics));
        service.serve(BroadcastRpc.wire(service, recordStores, records.written().keys(),
                records.asked().funnels()::count));
        service.serve(ListRpc.wire(service, shards.first(), apps));
        service.serve(BanRpc.wire(service, shards.first(), records.profiles()));
    }

    private static List<Shard> shards(SaverConfig config, Service service) {
        var shards = new ArrayList<Shard>();
        for (int i = 0; i < config.shards().size(); i++) {
            shards.add(new Shard(i, config.shards().get(i), service.clock(), service.metrics()));
        }
        return shards;
    }

    // A saver without a store serves what the others hold, says so in health, and goes on trying.
    private static void waitForStores(SaverConfig config, ShardStart start, RedisNodes redis)
            throws InterruptedException {
        boolean ready = start.await(config.startWait());
        if (redis.misconfigured()) {
            throw new StartFailure("saver: " + redis.trouble().orElse("redis: maxmemory-policy"), null);
        }
        if (!ready) {
            LOG.warn("saver: started without all of its ledgers; it keeps trying, see health");
        }
    }

    private static void health(Service service, Shards shards, RedisNodes redis, PartitionKeeper partitions,
            ColdSlots cold) {
        for (Shard shard : shards.list()) {
            service.health("ledger-" + shard.number(), shard::trouble);
        }
        service.health("redis", redis::trouble);
        service.vitals(vitals());
        service.health("partitions", partitions::trouble);
        service.health("cold", () -> cold.count() == 0
                ? Optional.empty()
                : Optional.of(cold.count() + " of 4096 slots are COLD: answered from the ledger until repaired"));
    }

    // What a message is refused for by policy is no sign of a bad setting.
    private static Vitals vitals() {
        return Vitals.RUNTIME.work(SaverMetric.APPENDS)
                .failures(SaverMetric.APPENDS, "ACCEPTED", "DUPLICATE", "KEY_CONFLICT", "REJECTED", "STALE_ID",
                        "NO_ENDPOINT")
                .failures(SaverMetric.REDIS_FAILED).failures(SaverMetric.LEDGER_QUEUE_FULL)
                .time(SaverMetric.APPEND_TIME);
    }
}

package io.longwire.e2e.order;

import com.google.protobuf.ByteString;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.Quotas;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.profile.Aliases;
import io.longwire.center.send.DryRuns;
import io.longwire.center.send.MessageStore;
import io.longwire.center.send.Multicast;
import io.longwire.center.send.Post;
import io.longwire.center.send.Resolver;
import io.longwire.center.send.Router;
import io.longwire.center.send.Rules;
import io.longwire.center.send.Sender;
import io.longwire.center.send.Sends;
import io.longwire.device.id.EndpointId;
import io.longwire.e2e.order.Step.Spot;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to one phone that logs in at the same time. Center's sender and router and the room's loop are
 * the real ones; the store, the two owners of the slot and all that travels between them are here, each request and
 * each answer a step of its own. There is no due set: the two rules alone must do.
 */
final class SmallWorld implements Interleavings.World {
    static final int APP = 3;
    static final long ENDPOINT = 0x1234_5678_9abcL;
    private static final byte[] KEY = new byte[32];

    private final Map<String, Step> pending = new LinkedHashMap<>();
    private final VirtualClock clock = new VirtualClock();
    private final Fault fault;
    private final Owners owners;
    private final RoomSide room;
    private @Nullable AppendItem stored;
    private int fetches;

    /** What is wrong with a world. */
    enum Fault {
        NONE,
        /** The store answers before the message can be fetched, so center looks up before it is stored. */
        LOOKUP_BEFORE_STORE,
        /** The room takes a put for acknowledged when it sends it, so it fetches before it can be found. */
        FETCH_BEFORE_PUT,
        /** The room fetches after the first owner's acknowledgement alone. */
        NO_SECOND_FETCH
    }

    /** Who dies, at some moment: one of the owners or nobody. */
    enum Loss {
        NOBODY, OWNER_1, OWNER_2
    }

    /** @param firstAsked the owner that center's look-up asks first, 0 or 1 */
    SmallWorld(int firstAsked, Loss loss, Fault fault) {
        this.fault = fault;
        this.owners = new Owners(firstAsked, this::add);
        this.room = new RoomSide(clock, KEY, fault, this::fetch, owners, this::add);
        if (loss != Loss.NOBODY) {
            int owner = loss == Loss.OWNER_1 ? 0 : 1;
            add(new Step("owner " + (owner + 1) + " dies", Set.of(Owners.spot(owner)), () -> owners.die(owner)));
        }
        room.logIn();
        send();
    }

    private void send() {
        var metrics = new Silence();
        var tools = new Sender.Tools(clock, HaltPoints.none(), metrics);
        var names = new EndpointNames(new EndpointId(KEY));
        var rules = new Rules(names);
        MessageStore store = this::append;
        var post = new Post(store, new Router(owners, room, () -> 10, tools), endpoint -> null, () -> 10, tools);
        var ids = new MessageIds(clock, FakeCluster.of("center"));
        var nowhere = new Nowhere();
        var resolver = new Resolver(new Aliases(nowhere, Duration.ofSeconds(1), clock), names);
        var quotas = new Quotas(() -> 1, clock);
        var ways = new Sends.Ways(resolver, new Sender(ids, post, metrics),
                new Multicast(ids, nowhere, post, names, tools), new DryRuns(rules, resolver, quotas, request -> {
                    throw Nowhere.never();
                }), (app, request, at) -> {
                    throw Nowhere.never();
                });
        new Sends(rules, quotas, ways, tools).send(
                SendRequest.newBuilder().setTo(Target.newBuilder().setEndpoint(names.text(APP, ENDPOINT)))
                        .setPayload(ByteString.copyFromUtf8("hi")).build(),
                AppRecord.newBuilder().setAppId(APP).setSendsPerSecond(10).build());
    }

    private CompletableFuture<AppendResult> append(AppendItem item) {
        var answer = new CompletableFuture<AppendResult>();
        var reply = new Step("center hears: stored", Set.of(Spot.CENTER),
                () -> answer.complete(AppendResult.newBuilder().setMessageId(item.getMessageId()).build()));
        boolean hasty = fault == Fault.LOOKUP_BEFORE_STORE;
        add(new Step("stored", Set.of(Spot.INBOX), () -> {
            stored = item;
            if (!hasty) {
                add(reply);
            }
        }));
        if (hasty) {
            add(reply);
        }
        return answer;
    }

    private CompletableFuture<FetchResult> fetch(FetchItem item) {
        var answer = new CompletableFuture<FetchResult>();
        int number = ++fetches;
        add(new Step("inbox read " + number, Set.of(Spot.INBOX), () -> {
            var found = FetchResult.newBuilder();
            AppendItem one = stored;
            if (one != null && !item.getSkipIdsList().contains(one.getMessageId())) {
                found.addMessages(StoredMessage.newBuilder().setMessageId(one.getMessageId())
                        .setEnvelope(one.getEnvelope()));
            }
            add(new Step("room hears: inbox " + number, Set.of(Spot.ROOM), () -> answer.complete(found.build())));
        }));
        return answer;
    }

    private void add(Step step) {
        if (pending.put(step.name(), step) != null) {
            throw new IllegalStateException("step: " + step.name() + " twice (expected: names of their own)");
        }
    }

    @Override
    public List<Step> enabled() {
        return new ArrayList<>(pending.values());
    }

    @Override
    public void happen(Step step) {
        pending.remove(step.name());
        step.happen().run();
        room.settle();
    }

    /** How often the phone got the message. */
    int delivered() {
        return room.pushes();
    }
}

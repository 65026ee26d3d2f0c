package io.longwire.sdk.android.share;

import android.content.Context;
import android.os.Binder;
import android.os.Bundle;
import io.longwire.sdk.loop.DaemonThreads;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.share.AllowList;
import io.longwire.sdk.share.HandOver;
import io.longwire.sdk.share.Peer;
import io.longwire.sdk.share.Plan;
import io.longwire.sdk.share.Sharing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * This app among those it shares with. Whenever something may have changed (it starts, comes to the front, a package
 * comes or goes, a host ends) it asks those that run what they are, and does what {@link Plan} says. It looks at nobody
 * in between and starts nobody; an app alone has a connection of its own, as without a group.
 *
 * <p>Everything but the binder's questions runs on the work thread it is given, one after the other.
 */
public final class Group implements HostBinder.Asked {
    private static final int CALLS_MAX = 4;
    /** Calls beyond are not made: the apps before them do not answer. */
    private static final int CALLS_WAIT_MAX = 64;
    private static final long LOOP_MILLIS = 2_000;

    private final Context context;
    private final AllowList list;
    private final Sharing sharing;
    private final Executor work;
    private final Facts facts;
    private final EpochFile epochs;
    private final Callers callers;
    private final HandOver handOver; // the loop's
    private final ThreadPoolExecutor calls = new ThreadPoolExecutor(CALLS_MAX, CALLS_MAX, 10, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(CALLS_WAIT_MAX), new DaemonThreads("longwire-peers"));
    private final Map<String, PeerLink> links = new HashMap<>(); // work
    private @Nullable PeerLink lodgedAt; // work
    private @Nullable PeerLink takingFrom; // work
    private long takingEpoch; // work
    private boolean ended; // work
    private volatile boolean hosting;

    /** What this app is now, and where it goes. Any thread. */
    public interface Facts {
        Peer own();

        /** It goes through another app's connection now, or no longer. */
        void onLodging(boolean is);
    }

    /** @param work runs what may touch a disk or wait, one after the other */
    public Group(Context context, AllowList list, Sharing sharing, Executor work, Facts facts, EpochFile epochs) {
        this.context = context;
        this.list = list;
        this.sharing = sharing;
        this.work = work;
        this.facts = facts;
        this.epochs = epochs;
        this.callers = new Callers(context, list);
        calls.allowCoreThreadTimeOut(true);
        handOver = new HandOver(sharing.loop(), epochs.read(), facts::own, this::onYield);
        HostService.offer(new HostBinder(callers, sharing, this, Binder::getCallingUid));
        HostService.start(context);
    }

    /** Looks who is there, and goes where it should. Any thread. */
    public void refresh() {
        work.execute(this::look);
    }

    /** The connection stands; this app's own, or a host's. Any thread. */
    public void online() {
        work.execute(this::finishTakingOver);
    }

    /** Leaves the group. Any thread. */
    public void end() {
        HostService.offer(null);
        HostService.stop(context);
        work.execute(() -> {
            ended = true;
            for (PeerLink link : links.values()) {
                link.unbind();
            }
            links.clear();
            calls.shutdown();
        });
    }

    @Override
    public boolean isHosting() { return hosting; }

    @Override
    public Bundle hello(Callers.Known caller, Bundle said) {
        return onLoop(() -> me());
    }

    @Override
    public Bundle handover(Callers.Known caller, Bundle said) {
        Peer candidate = Terms.peer(caller.packageName, said);
        return onLoop(() -> answer(candidate, said));
    }

    private Bundle answer(Peer candidate, Bundle said) {
        switch (Terms.step(said)) {
            case Terms.PREPARE :
                return Terms.answer(handOver.prepare(candidate, Terms.epoch(said)));
            case Terms.COMMIT :
                return Terms.answer(handOver.commit(candidate, Terms.epoch(said)));
            case Terms.ABORT :
                handOver.abort(candidate);
                return Terms.answer(HandOver.Answer.YES);
            default :
                return new Bundle(); // a later version's
        }
    }

    private Bundle me() {
        return Terms.hosting(Terms.of(facts.own()), handOver.isHosting(), handOver.epoch(), sharing.hostEndpoint(),
                handOver.heldMillis());
    }

    // Binder and work threads wait for the loop, which never waits for them.
    private Bundle onLoop(Callable<Bundle> task) {
        FutureTask<Bundle> future = new FutureTask<>(task);
        Loop loop = sharing.loop();
        loop.execute(future);
        try {
            return future.get(LOOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException stopped) {
            return new Bundle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Bundle();
        }
    }

    private void look() {
        if (ended) {
            return;
        }
        bindAll();
        Bundle own = onLoop(this::me);
        if (own.isEmpty() || takingFrom != null) {
            return;
        }
        Map<String, Long> endpoints = new HashMap<>();
        List<Plan.Said> others = new ArrayList<>();
        for (PeerLink link : links.values()) {
            Bundle said = link.hello(own);
            if (said != null) {
                endpoints.put(link.packageName(), Terms.endpoint(said));
                others.add(said(link.packageName(), said));
                sharing.loop().execute(() -> heard(link.packageName(), said));
            }
        }
        follow(Plan.of(said(facts.own().packageName(), own), others), endpoints);
    }

    private void heard(String packageName, Bundle said) {
        if (Terms.isHosting(said)) {
            handOver.heard(packageName, Terms.epoch(said));
        }
    }

    private static Plan.Said said(String packageName, Bundle said) {
        return new Plan.Said(Terms.peer(packageName, said), Terms.isHosting(said), Terms.epoch(said),
                Terms.heldMillis(said));
    }

    private void bindAll() {
        for (String name : list.packages()) {
            boolean there = !name.equals(context.getPackageName()) && callers.ofPackage(name) != null;
            PeerLink link = links.get(name);
            if (there && link == null) {
                PeerLink fresh = new PeerLink(context, name, calls, this::refresh);
                links.put(name, fresh);
                fresh.bind();
            } else if (!there && link != null) {
                links.remove(name);
                link.unbind();
            }
        }
    }

    private void follow(Plan plan, Map<String, Long> endpoints) {
        switch (plan.step()) {
            case HOST :
                host(plan.epoch());
                break;
            case LODGE :
                Long endpoint = endpoints.get(plan.host());
                lodge(links.get(plan.host()), endpoint == null ? 0 : endpoint);
                break;
            case TAKE_OVER :
                takeOver(links.get(plan.host()), plan.epoch() + 1);
                break;
            case ALONE :
                lodge(null, 0);
                break;
        }
    }

    private void host(long epoch) {
        Bundle done = onLoop(() -> {
            boolean may = handOver.isHosting() || handOver.host(epoch);
            return Terms.answer(may ? HandOver.Answer.YES : HandOver.Answer.EPOCH_OLD);
        });
        hosting = Terms.isYes(done);
        if (hosting) {
            epochs.write(epoch);
            lodge(null, 0);
        }
    }

    // A host that is offline is waited for beside it, on a connection of one's own.
    private void lodge(@Nullable PeerLink link, long endpoint) {
        PushHost host = link == null ? null : link.host();
        Callers.Known known = link == null ? null : callers.ofPackage(link.packageName());
        PeerLink next = host == null || known == null || endpoint == 0 ? null : link;
        if (next == lodgedAt) {
            return;
        }
        lodgedAt = next;
        facts.onLodging(next != null);
        sharing.lodgeAt(next == null || host == null
                ? null
                : new RemoteHost(host, Uids.of(context, next.packageName()), endpoint, calls,
                        Binder::getCallingUid));
    }

    private void takeOver(@Nullable PeerLink link, long epoch) {
        Bundle answer = link == null
                ? null
                : link.handover(Terms.step(Terms.of(facts.own()), Terms.PREPARE, epoch));
        if (link == null || answer == null || !Terms.isYes(answer)) {
            return; // it stays; the next look asks again
        }
        takingFrom = link;
        takingEpoch = epoch;
        lodge(null, 0);
        sharing.loop().after(HandOver.PROMISE_MILLIS, () -> work.execute(() -> giveUp(epoch)));
        finishTakingOver(); // it may have had a connection of its own
    }

    private void finishTakingOver() {
        PeerLink from = takingFrom;
        if (from == null || sharing.hostEndpoint() == 0) {
            return;
        }
        takingFrom = null;
        Bundle answer = from.handover(Terms.step(Terms.of(facts.own()), Terms.COMMIT, takingEpoch));
        if (answer != null && Terms.isYes(answer)) {
            host(takingEpoch);
        } else {
            look();
        }
    }

    private void giveUp(long epoch) {
        PeerLink from = takingFrom;
        if (from != null && takingEpoch == epoch) {
            takingFrom = null;
            from.handover(Terms.step(Terms.of(facts.own()), Terms.ABORT, epoch));
            look();
        }
    }

    // On the loop. The guests are sent away first: they find the new host by themselves, as this app does.
    private void onYield(String to, long epoch) {
        hosting = false;
        sharing.dismissAll("moved to " + to);
        work.execute(() -> {
            epochs.write(epoch);
            look();
        });
    }
}

package io.longwire.sdk.android.share;

import android.content.Context;
import android.os.Binder;
import android.os.Bundle;
import android.os.IBinder;
import io.longwire.sdk.loop.DaemonThreads;
import io.longwire.sdk.loop.TimerSlot;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.HandOver;
import io.longwire.sdk.share.Lodging;
import io.longwire.sdk.share.Peer;
import io.longwire.sdk.share.Plan;
import io.longwire.sdk.share.Sharing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This app among those it shares with. Whenever something may have changed (it starts, comes to the front, a package
 * comes or goes, a host ends, the list is another) it asks those that run what they are, and does what
 * {@link Plan} says. It looks at nobody in between and starts nobody; an app alone has a connection of its own, as
 * without a group. A host that was given up, or has ended the line, is looked for again a little later, and ever later
 * if it goes on so; and so is one that should host, and does not yet.
 *
 * <p>Everything but the binder's questions runs on the work thread it is given, one after the other.
 */
public final class Group implements HostBinder.Asked {
    private static final int CALLS_MAX = 4;
    /** Calls beyond are not made: the apps before them do not answer. */
    private static final int CALLS_WAIT_MAX = 64;
    /** An app that has just come gives those that run so long to be found, before it says that it hosts. */
    private static final long SETTLE_MILLIS = 3_000;
    /** A line has ended: so long later whoever hosts then is online, mostly. */
    private static final long SOON_MILLIS = 5_000;
    /** A host was given up: it is looked for again after so long, twice as long each time, an hour at most. */
    private static final long AGAIN_MILLIS = 60_000;
    /** A host has yielded: whom it named is asked so often, for {@link #SOON_MILLIS}, until it says that it hosts. */
    private static final long QUICK_MILLIS = 200;
    private static final long AGAIN_MAX_MILLIS = 3_600_000;

    private final Context context;
    private final CurrentList list;
    private final Sharing sharing;
    private final Executor work;
    private final Facts facts;
    private final EpochFile epochs;
    private final CallingUid calling;
    private final Callers callers;
    private final HandOver handOver; // the loop's
    private final OnLoop onLoop;
    private final ThreadPoolExecutor calls = new ThreadPoolExecutor(CALLS_MAX, CALLS_MAX, 10, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(CALLS_WAIT_MAX), new DaemonThreads("longwire-peers"));
    private final ServiceHold service; // work
    private final Map<String, PeerLink> links = new HashMap<>(); // work
    private final Set<String> silent = new HashSet<>(); // work; those that did not answer when they were asked last
    private final Set<String> askedBack = new HashSet<>(); // work; of these, who has asked, and was asked therefore
    private @Nullable IBinder lodgedAt; // work
    private long lodgedEndpoint; // work
    private String expected = ""; // work; the app that a host has yielded to
    private long expectedUntil; // work
    private final TimerSlot lookAgain; // the loop's
    private long lookAt; // the loop's; when that is due
    private long againMillis = AGAIN_MILLIS; // the loop's
    private long lodgedMillis; // the loop's; when that changed last
    private long aloneMillis = SOON_MILLIS; // the loop's; until it looks again for one that should host
    private long settledAt; // work; who was bound to before is found by then
    private @Nullable PeerLink takingFrom; // work
    private long takingEpoch; // work
    private long kept; // work; the epoch on the disk
    private boolean ended; // work
    private volatile boolean hosting;

    /** What this app is now, and where it goes. Any thread. */
    public interface Facts {
        Peer own();

        /** It goes through another app's connection now, or no longer. */
        void onLodging(boolean is);

        /** Something went wrong that the group goes on without. */
        void onProblem(String what);
    }

    /** @param work runs what may touch a disk or wait, one after the other */
    public Group(Context context, CurrentList list, Sharing sharing, Executor work, Facts facts, EpochFile epochs) {
        this(context, list, sharing, work, facts, epochs, Binder::getCallingUid);
    }

    Group(Context context, CurrentList list, Sharing sharing, Executor work, Facts facts, EpochFile epochs,
            CallingUid calling) {
        this.calling = calling;
        this.context = context;
        this.list = list;
        this.sharing = sharing;
        this.onLoop = new OnLoop(sharing.loop());
        this.work = work;
        this.facts = facts;
        this.epochs = epochs;
        this.callers = new Callers(context, list);
        this.service = new ServiceHold(context);
        calls.allowCoreThreadTimeOut(true);
        handOver = new HandOver(sharing.loop(), epochs.read(), facts::own, this::onYield);
        kept = handOver.epoch();
        lookAgain = new TimerSlot(sharing.loop());
        HostService.offer(new HostBinder(callers, sharing, this, calling));
        list.onChange(this::refresh);
        sharing.tells(new Lodging.Owner() {
            @Override
            public void onThrough(boolean is) {
                facts.onLodging(is);
                lodged(is);
            }

            @Override
            public void onEnd(boolean givenUp) {
                lineEnded(givenUp);
            }

            @Override
            public void onMoved(String to) {
                run(() -> expect(to));
            }
        });
    }

    /** Looks who is there, and goes where it should. Any thread. */
    public void refresh() {
        run(this::look);
    }

    // What goes wrong on the work thread must not end the app, whoever said it.
    private void run(Runnable task) {
        work.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException broken) {
                facts.onProblem("group: " + broken + " (expected: never; the next look goes on)");
            }
        });
    }

    private long now() {
        return sharing.loop().clock().elapsedMillis();
    }

    // On the loop. A host that served for long has earned that it is looked for soon.
    private void lodged(boolean is) {
        long now = now();
        aloneMillis = is ? SOON_MILLIS : aloneMillis;
        if (!is && now - lodgedMillis >= AGAIN_MAX_MILLIS) {
            againMillis = AGAIN_MILLIS;
        }
        lodgedMillis = now;
    }

    // On the loop.
    private void lineEnded(boolean givenUp) {
        if (!givenUp) {
            lookWithin(SOON_MILLIS);
            return;
        }
        run(() -> {
            lodgedAt = null;
            lodgedEndpoint = 0;
            if (isExpecting()) {
                look();
            }
        });
        lookAfter(againMillis);
        againMillis = Math.min(2 * againMillis, AGAIN_MAX_MILLIS);
    }

    // On the loop. What is planned already stands: it is sooner, mostly.
    private void lookWhileAlone() {
        if (!lookAgain.isSet()) {
            lookAfter(aloneMillis);
            aloneMillis = Math.min(2 * aloneMillis, AGAIN_MAX_MILLIS);
        }
    }

    private void lookAfter(long millis) {
        lookAt = now() + millis;
        lookAgain.set(millis, this::refresh);
    }

    // On the loop. What is due sooner stands.
    private void lookWithin(long millis) {
        if (!lookAgain.isSet() || now() + millis < lookAt) {
            lookAfter(millis);
        }
    }

    // A host has yielded to that app, which says itself that it hosts once it has the host's answer.
    private void expect(String to) {
        if (!ended && links.containsKey(to)) {
            expected = to;
            expectedUntil = now() + SOON_MILLIS;
        }
        look();
    }

    private boolean isExpecting() { return !expected.isEmpty() && now() < expectedUntil; }

    /** The connection stands; this app's own, or a host's. Any thread. */
    public void online() {
        run(this::finishTakingOver);
    }

    /** Leaves the group. Any thread. */
    public void end() {
        HostService.offer(null);
        sharing.loop().execute(lookAgain::cancel);
        run(() -> {
            ended = true;
            service.release();
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
        run(() -> met(caller.packageName));
        return onLoop.ask(this::me);
    }

    @Override
    public Bundle handover(Callers.Known caller, Bundle said) {
        Bundle known = Terms.known(said);
        return known == null
                ? new Bundle()
                : onLoop.ask(() -> answer(Terms.peer(caller.packageName, known), known));
    }

    // It did not answer, and takes part now: its service may have run before its client. Once for each silence.
    private void met(String packageName) {
        if (silent.contains(packageName) && askedBack.add(packageName)) {
            look();
        }
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

    private void look() {
        if (ended) {
            return;
        }
        service.hold();
        bindAll();
        Bundle own = onLoop.ask(this::me);
        if (own.isEmpty() || takingFrom != null) {
            return;
        }
        Map<String, Long> endpoints = new HashMap<>();
        List<Plan.Said> others = new ArrayList<>();
        for (PeerLink link : links.values()) {
            Bundle said = link.hello(own);
            if (said == null) {
                silent.add(link.packageName());
            } else {
                silent.remove(link.packageName());
                askedBack.remove(link.packageName());
                endpoints.put(link.packageName(), Terms.endpoint(said));
                others.add(said(link.packageName(), said));
                sharing.loop().execute(() -> heard(link.packageName(), said));
            }
        }
        Plan plan = Plan.of(said(facts.own().packageName(), own), others);
        if (plan.step() == Plan.Step.HOST && !Terms.isHosting(own) && isUnsettled()) {
            sharing.loop().execute(() -> lookAfter(SETTLE_MILLIS)); // on a connection of its own meanwhile
            return;
        }
        boolean begins = plan.step() == Plan.Step.HOST && !Terms.isHosting(own);
        if (isExpecting() && (begins || plan.step() == Plan.Step.ALONE)) {
            sharing.loop().execute(() -> lookAfter(QUICK_MILLIS)); // it has hardly begun
            return;
        }
        expected = "";
        follow(plan, endpoints);
    }

    // Else each app that starts would take the connection, under the next epoch, from the one that has it.
    private boolean isUnsettled() {
        if (now() >= settledAt) {
            return false;
        }
        for (PeerLink link : links.values()) {
            if (link.isAwaited()) {
                return true;
            }
        }
        return false;
    }

    private void heard(String packageName, Bundle said) {
        if (!Terms.isHosting(said)) {
            return;
        }
        long before = handOver.epoch();
        handOver.heard(packageName, Terms.epoch(said));
        long now = handOver.epoch();
        if (now > before) {
            run(() -> keep(now)); // or its number could be used twice
        }
    }

    private static Plan.Said said(String packageName, Bundle said) {
        return new Plan.Said(Terms.peer(packageName, said), Terms.isHosting(said), Terms.epoch(said),
                Terms.heldMillis(said));
    }

    // Who belongs no longer, or is another app now, goes first: an app's place may be another package's now.
    private void unbindStrangers() {
        Iterator<PeerLink> all = links.values().iterator();
        while (all.hasNext()) {
            PeerLink link = all.next();
            Callers.Known known = callers.ofPackage(link.packageName());
            if (known == null || known.appId != link.appId()) {
                all.remove();
                silent.remove(link.packageName());
                askedBack.remove(link.packageName());
                expected = link.packageName().equals(expected) ? "" : expected;
                link.unbind();
                sharing.expel(link.appId()); // its place, and what the room has bound for it
            }
        }
    }

    private void bindAll() {
        unbindStrangers();
        for (String name : list.packages()) {
            Callers.Known known = name.equals(context.getPackageName()) ? null : callers.ofPackage(name);
            PeerLink link = links.get(name);
            if (known != null && link == null) {
                PeerLink fresh = new PeerLink(context, name, known.appId, calls, this::refresh);
                links.put(name, fresh);
                fresh.bind();
                settledAt = now() + SETTLE_MILLIS;
            } else if (link != null) {
                link.keep();
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
                takeOver(links.get(plan.host()), plan.epoch());
                break;
            case ALONE :
                lodge(null, 0);
                sharing.loop().execute(this::lookWhileAlone);
                break;
        }
    }

    private void host(long epoch) {
        Bundle done = onLoop.ask(() -> {
            boolean hosts = handOver.isHosting() || handOver.host(epoch);
            aloneMillis = SOON_MILLIS;
            return Terms.answer(hosts ? HandOver.Answer.YES : HandOver.Answer.EPOCH_OLD);
        });
        boolean may = Terms.isYes(done);
        if (may) {
            keep(epoch);
        }
        hosting = may;
        if (may) {
            lodge(null, 0);
        }
    }

    // One that was heard of may come here after the later one that this app hosts under.
    private void keep(long epoch) {
        if (epoch > kept) {
            kept = epoch;
            epochs.write(epoch);
        }
    }

    // A host that is offline is waited for beside it, on a connection of one's own.
    private void lodge(@Nullable PeerLink link, long endpoint) {
        PushHost host = link == null ? null : link.host();
        Callers.Known known = link == null ? null : callers.ofPackage(link.packageName());
        if (host == null || known == null || endpoint == 0) {
            if (lodgedAt != null) {
                lodgedAt = null;
                lodgedEndpoint = 0;
                sharing.lodgeAt(null);
            }
            return;
        }
        if (host.asBinder().equals(lodgedAt) && endpoint == lodgedEndpoint) {
            return;
        }
        lodgedAt = host.asBinder();
        lodgedEndpoint = endpoint;
        boolean sealedOnly = !known.isSignedLike(callers.ofPackage(context.getPackageName()));
        sharing.lodgeAt(new RemoteHost(host, Uids.of(context, known.packageName), endpoint, sealedOnly, calls,
                calling));
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
        sharing.loop().after(HandOver.PROMISE_MILLIS, () -> run(() -> giveUp(epoch)));
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
        }
        if (!hosting) {
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

    // On the loop. The guests are sent away first: the end of their lines has them look, as this app does.
    private void onYield(String to, long epoch) {
        hosting = false;
        sharing.dismissAll(to);
        lookWithin(SOON_MILLIS);
        run(() -> {
            keep(epoch);
            expect(to);
        });
    }
}

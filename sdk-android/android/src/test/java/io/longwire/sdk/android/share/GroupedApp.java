package io.longwire.sdk.android.share;

import android.content.ComponentName;
import android.content.ContextWrapper;
import android.content.Intent;
import android.content.ServiceConnection;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.InvalidShareListException;
import io.longwire.sdk.share.Peer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A whole app of a group, of some version, in a process of its own as far as the others can tell. */
final class GroupedApp implements ConnectionListener, Group.Facts {
    final List<String> shown = new CopyOnWriteArrayList<>();
    final List<Integer> holds = new CopyOnWriteArrayList<>(); // flags of the bindings to its own service
    final AtomicInteger releases = new AtomicInteger();
    final List<String> problems = new CopyOnWriteArrayList<>();
    final LongwireApp app;
    final Version version;
    volatile boolean lives;
    volatile int protocol = 1;
    private final String name;
    private final int uid;
    private final CurrentList list;
    private final LongwireClient client;
    private final ExecutorService work = Executors.newSingleThreadExecutor();
    private final Map<String, ServiceConnection> bindings = new ConcurrentHashMap<>(); // to others, by package
    private final Map<String, GroupedApp> others = new ConcurrentHashMap<>();
    private volatile @Nullable ConnectionStatus status;
    private volatile @Nullable Group group;
    private final List<Border> borders = new CopyOnWriteArrayList<>();
    private final Door door = new Door(); // of its service
    private volatile boolean made; // that service

    /** @param list its own: each app renews it by itself */
    GroupedApp(TestPlatform platform, CurrentList list, String name, int appId, int uid, Version version) {
        this.list = list;
        this.name = name;
        this.uid = uid;
        this.version = version;
        client = LongwireClient.builder(new File(TestPhone.app().getFilesDir(), name)).dispatcher(platform.url())
                .sync(false).foreground(true).askAgainAfterMillis(100).listener(this).build();
        app = client.addApp("ak_" + appId + "_000102030405060708090a0b0c0d0e0f", message -> {
            shown.add(new String(message.payload(), StandardCharsets.UTF_8));
            return Receipt.DONE;
        });
        Members.install(name, uid, Members.GOOD);
    }

    Group group() {
        Group known = group;
        if (known == null) {
            throw new AssertionError(name + " has not started");
        }
        return known;
    }

    /** Its service is made, by whomever, before its client starts: those that are bound to it are told. */
    void isMadeTooEarly(GroupedApp... known) {
        made = true;
        for (GroupedApp other : known) {
            tell(other);
        }
    }

    /** Runs from now on; the others can bind to it. */
    void starts(GroupedApp... known) {
        for (GroupedApp other : known) {
            others.put(other.name, other);
        }
        Group joined = new Group(new ContextWrapper(TestPhone.app()) {
            @Override
            public String getPackageName() { return name; }

            @Override
            public boolean bindService(Intent to, ServiceConnection by, int how) {
                ComponentName component = to.getComponent();
                GroupedApp other = component == null ? null : others.get(component.getPackageName());
                if (component != null && component.getPackageName().equals(name)) {
                    holds.add(how);
                }
                if (other != null) {
                    bindings.put(other.name, by);
                    other.tell(GroupedApp.this);
                }
                return true; // its service will be told of, once it runs
            }

            @Override
            public void unbindService(ServiceConnection by) {
                if (!bindings.values().remove(by)) {
                    releases.incrementAndGet();
                }
            }

            @Override
            public @Nullable ComponentName startService(Intent service) {
                throw new IllegalStateException("not allowed to start service: app is in background");
            }
        }, list, client.sharing(), work, this, new EpochFile(new File(TestPhone.app().getFilesDir(), name)),
                Remote::calling);
        door.opensTo(HostService.offered()); // one for each process, and here are several
        group = joined;
        client.start();
        if (!made) {
            isMadeTooEarly(known);
        }
        joined.refresh();
    }

    // The system tells who is bound to it that it runs, on the main thread.
    private void tell(GroupedApp other) {
        new Handler(Looper.getMainLooper()).post(() -> {
            ServiceConnection waits = other.bindings.get(name);
            if (waits != null && made) {
                Border border = new Border(door, version, uid, other.version, other.uid);
                borders.add(border);
                IBinder seen = new Remote(border, other.uid);
                waits.onServiceConnected(new ComponentName(name, HostService.class.getName()), seen);
            }
        });
    }

    /** How often it said what it is. */
    int answered() {
        return borders.stream().mapToInt(one -> one.answered.get()).sum();
    }

    /** How often a method was asked for that it does not have. */
    int refused() {
        return borders.stream().mapToInt(one -> one.refused.get()).sum();
    }

    /** The dispatcher has given it this list. */
    void takes(byte[] signed) {
        client.sharing().loop().execute(() -> {
            try {
                list.take(signed);
            } catch (InvalidShareListException | IOException broken) {
                problems.add("list: " + broken.getMessage());
            }
        });
    }

    boolean isGuest() {
        ConnectionStatus known = status;
        return known != null && known.isGuest();
    }

    void stop() {
        Group known = group;
        if (known != null) {
            known.end();
        }
        client.stop();
        work.shutdown();
    }

    @Override
    public void onStatus(ConnectionStatus now) {
        status = now;
        Group known = group;
        if (now.state() == ConnectionStatus.State.ONLINE && known != null) {
            known.online();
        }
    }

    @Override
    public Peer own() {
        return new Peer(name, protocol, lives, 20, client.sharing().hostEndpoint() != 0, version.sdk(), uid);
    }

    @Override
    public void onLodging(boolean is) {
        // Alarms are another's matter.
    }

    @Override
    public void onProblem(String what) {
        problems.add(what);
    }
}

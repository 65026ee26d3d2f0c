package io.longwire.sdk.share;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Connect;
import io.longwire.sdk.phone.App;
import io.longwire.sdk.phone.AppInbox;
import io.longwire.sdk.phone.AppUplinks;
import io.longwire.sdk.phone.Phone;
import io.longwire.sdk.phone.PhoneEvents;
import io.longwire.sdk.phone.PhoneSettings;
import io.longwire.sdk.phone.PhoneStatus;
import io.longwire.sdk.policy.Dedupe;
import io.longwire.sdk.seal.PayloadCipher;
import io.longwire.sdk.store.AppStore;
import io.longwire.sdk.store.MessageLog;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One app with the real phone code, that hosts or is a guest; its process can freeze and die. */
final class SharingPhone implements PhoneEvents, AppInbox.Handler {
    final List<byte[]> sentToHost = new ArrayList<>();
    final List<Boolean> through = new ArrayList<>(); // whether its connection goes through a host
    final List<String> moved = new ArrayList<>(); // who hosts now, by the word of the host before
    final List<Long> heartbeats = new ArrayList<>(); // of its own connections
    final List<PhoneStatus> statuses = new ArrayList<>();
    final List<String> problems = new ArrayList<>();
    final List<Pipe> pipes = new ArrayList<>(); // this process's ends of its guests' pipes

    private final SharedRoom room;
    private final int appId;
    private final Phone phone;
    private final Lodging lodging;
    private final Sharing sharing;
    private final App app;
    private final AppStore files;
    private final List<Runnable> thawed = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();
    int givenUpTimes; // hosts that it has given up
    private boolean bound;
    private boolean frozen;
    private boolean dead;
    private boolean refuses;

    SharingPhone(SharedRoom room, File directory, int appId) throws IOException {
        this(room, directory, appId, null);
    }

    SharingPhone(SharedRoom room, File directory, int appId, @Nullable PayloadCipher cipher) throws IOException {
        this.room = room;
        this.appId = appId;
        PhoneStore store = PhoneStore.open(directory, false);
        lodging = new Lodging(room.loop, room);
        phone = new Phone(room.loop, lodging, room, Runnable::run, store,
                new PhoneSettings(Connect.getDefaultInstance(), 1, false, false, 0, 0), this);
        lodging.asks(phone::isSealable);
        sharing = new Sharing(room.loop, phone.guests(), lodging, phone::move);
        files = files(store, cipher);
        app = phone.add("ak_" + appId + "_000102030405060708090a0b0c0d0e0f", "", files, Runnable::run, this);
    }

    private AppStore files(PhoneStore store, @Nullable PayloadCipher cipher) throws IOException {
        AppStore opened = store.app(appId);
        if (cipher != null) {
            try {
                opened.use(cipher);
            } catch (GeneralSecurityException broken) {
                throw new IOException(broken);
            }
        }
        return opened;
    }

    void start() {
        phone.start();
    }

    void stop() {
        if (!dead) {
            phone.stop();
            room.loop.advance(1_000);
            dead = true;
        }
    }

    /** What comes for it waits. */
    void freeze() {
        frozen = true;
    }

    /** Its process ends: nothing it has open says a word. */
    void die() {
        dead = true;
        for (Pipe pipe : new ArrayList<>(pipes)) {
            pipe.close();
        }
        if (!lodging.isGuest()) {
            room.line().cut();
        }
        phone.stop();
        room.loop.advance(1_000);
    }

    /** What came while it was frozen is taken in now. */
    void thaw() {
        frozen = false;
        for (Runnable one : new ArrayList<>(thawed)) {
            one.run();
        }
        thawed.clear();
    }

    /** That app was removed from the phone. */
    void expel(int guestApp) {
        sharing.expel(guestApp);
    }

    /** It hosts no more. */
    void dismissAll() {
        sharing.dismissAll("com.shop.next");
    }

    void refuseGuests() {
        refuses = true;
    }

    long received() {
        return app.bytesIn();
    }

    long sent() {
        return app.bytesOut();
    }

    boolean isBound() { return bound; }

    List<String> shown() {
        return shown;
    }

    void send(String type, String text, List<AppUplinks.Outcome> outcomes) {
        phone.send(app, type, ByteString.copyFromUtf8(text), 3_600_000, (outcome, reason) -> outcomes.add(outcome));
    }

    /** The user has seen that message. */
    void saw(long message) {
        phone.report(app, message, Dedupe.SHOWN);
    }

    /** Reports that the room is not known to have. */
    int reportsWaiting() {
        return files.messages().reports(32).size();
    }

    /** A guest that is not one of ours. */
    Pipe takeIn(int guestApp, List<byte[]> back) {
        return sharing.takeIn(guestApp, new Pipe() {
            @Override
            public boolean send(byte[] bytes) {
                back.add(bytes);
                return true;
            }

            @Override
            public void close() {
                back.add(new byte[0]);
            }
        });
    }

    /** Becomes a guest of that app, as far as the binder between them goes. */
    void lodgeAt(SharingPhone other) {
        lodgeAt(other, false);
    }

    /** @param signedByAnother whether the host must not read */
    void lodgeAt(SharingPhone other, boolean signedByAnother) {
        lodging.tells(new Lodging.Owner() {
            @Override
            public void onThrough(boolean is) {
                through.add(is);
            }

            @Override
            public void onEnd(boolean givenUp) {
                givenUpTimes += givenUp ? 1 : 0;
            }

            @Override
            public void onMoved(String to) {
                moved.add(to);
            }
        });
        sharing.lodgeAt(new Lodging.Host() {
            @Override
            public long endpoint() {
                return other.sharing.hostEndpoint();
            }

            @Override
            public boolean isSealedOnly() { return signedByAnother; }

            @Override
            public @Nullable Pipe open(Lodging.Back back) {
                if (other.dead || other.sharing.hostEndpoint() == 0) {
                    return null;
                }
                return connect(other, back);
            }
        });
        room.loop.advance(1);
    }

    private Pipe connect(SharingPhone other, Lodging.Back back) {
        Pipe toGuest = new Pipe() {
            @Override
            public boolean send(byte[] bytes) {
                if (dead) {
                    return false;
                }
                if (frozen) {
                    thawed.add(() -> back.onBytes(bytes));
                } else {
                    back.onBytes(bytes);
                }
                return true;
            }

            @Override
            public void close() {
                back.onEnd("the host has gone");
            }

            @Override
            public void close(String why) {
                back.onEnd(why);
            }
        };
        if (other.refuses) {
            toGuest.close();
            return toGuest;
        }
        Pipe toHost = other.sharing.takeIn(appId, toGuest);
        other.pipes.add(toGuest);
        pipes.add(toHost);
        return new Pipe() {
            @Override
            public boolean send(byte[] bytes) {
                sentToHost.add(bytes);
                return !dead && !other.dead && toHost.send(bytes);
            }

            @Override
            public void close() {
                toHost.close();
            }
        };
    }

    @Override
    public boolean onMessage(MessageLog.Stored message, boolean again) {
        shown.add(message.push().getPayload().toStringUtf8());
        return true;
    }

    @Override
    public void onStatus(PhoneStatus status) {
        statuses.add(status);
    }

    @Override
    public void onHeartbeat(long silenceMillis) {
        heartbeats.add(silenceMillis);
    }

    @Override
    public void onEndpoint(App known, String endpoint) {
        // Of no matter here.
    }

    @Override
    public void onBound(App known, boolean is) {
        bound = is;
    }

    @Override
    public void onProblem(String what) {
        problems.add(what);
    }
}

package io.longwire.room.session;

import io.longwire.device.FrameReader;
import io.longwire.device.Limits;
import io.longwire.room.client.audience.PhoneTraits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One socket of one phone as the room's logic sees it: plain state, about 140 bytes and a reader of 24, and at the
 * same time the session of its first endpoint. Nothing of a transport is in here but its {@link Link}. A dropped
 * connection stays as a parked one, without link, reader state and window, until its phone is back or its time is
 * over.
 *
 * <p>Belongs to its loop from accept to the end. Others hold {@link #handle()} or, where it must outlive a resume,
 * {@link #home()}.
 */
public final class Connection extends Session {
    /** Open, nothing known. */
    public static final byte NEW = 0;
    /** CONNECT is being worked on; the link may be gone already. */
    public static final byte LOGIN = 1;
    /** Logged in. */
    public static final byte LIVE = 2;
    /** Dropped, waits for a resume. */
    public static final byte PARKED = 3;
    /** Over; whoever still refers to it drops the reference. */
    public static final byte CLOSED = 4;

    /** The room's version byte was sent. */
    public static final int GREETED = 1;
    /** A frame has begun and is not whole. */
    public static final int PARTIAL = 1 << 1;
    /** Has bytes to flush at the end of the batch. */
    public static final int TOUCHED = 1 << 2;
    /** Somebody waits for any byte of it. */
    public static final int PROBED = 1 << 3;
    /** Accepted above the rate: its CONNECT is answered BUSY. */
    public static final int SHED = 1 << 4;
    /** GOAWAY was sent. */
    public static final int LEAVING = 1 << 5;
    /** Its parked sessions are on their way from another loop; a push came meanwhile. */
    public static final int MISSED_PUSH = 1 << 6;
    /** Something of low priority waits for its next bytes. */
    public static final int HOLDS = 1 << 7;
    /** The app that owns it is in the foreground: nothing is held. */
    public static final int FOREGROUND = 1 << 8;
    /** The phone takes REPLY frames, and may send requests. */
    public static final int REPLIES = 1 << 9;

    private static final int REACH_SHIFT = 10; // three bits of the marks
    private static final int REACH_MASK = 7 << REACH_SHIFT;

    /** Of a phone that tells nothing of itself. */
    public static final PhoneTraits NO_TRAITS = new PhoneTraits("", 0, 0, "", "", "unknown");

    private static final Session[] NONE = {};
    private static final int AWAKE_TICKS = 3 * Loop.TICKS_PER_SECOND;

    private final FrameReader reader = FrameReader.ofRoom();
    private @Nullable Link link;
    private @Nullable Window window;
    private Session[] more = NONE;
    private PhoneTraits traits = NO_TRAITS;
    private long handle;
    private long home;
    private long secret;
    private long hostEndpoint;
    private long seq;
    private int receivedTick;
    private int sinceTick;
    private int frameTick;
    private short frames;
    private short idleSeconds;
    private short marks;
    private byte phase = NEW;
    private byte windowLimit = Limits.UNACKED_CONNECTION;

    int dueTick = Wheel.NOT_LINKED;
    int wheelNext;
    int wheelPrevious;

    public Connection(Link link) {
        this.link = link;
    }

    public FrameReader reader() {
        return reader;
    }

    /** Null once the socket is gone. */
    public @Nullable Link link() {
        return link;
    }

    public void unlink() {
        link = null;
    }

    public boolean writable() {
        Link to = link;
        return to != null && to.writable();
    }

    public byte phase() {
        return phase;
    }

    public void phase(byte value) {
        phase = value;
    }

    public boolean marked(int mark) {
        return (marks & mark) != 0;
    }

    public void mark(int mark) {
        marks |= (short) mark;
    }

    public void unmark(int mark) {
        marks &= (short) ~mark;
    }

    /** What the app that owns it is doing. */
    public void state(boolean foreground) {
        if (foreground) {
            mark(FOREGROUND);
        } else {
            unmark(FOREGROUND);
        }
    }

    /** How well the phone says it can be woken. */
    public Reach reach() {
        return Reach.of((marks & REACH_MASK) >> REACH_SHIFT);
    }

    public void reach(Reach told) {
        unmark(REACH_MASK);
        mark(told.capability() << REACH_SHIFT);
    }

    /** Where it stands now. */
    public long handle() {
        return handle;
    }

    void handle(long value) {
        handle = value;
        home = value;
    }

    /** The handle the register has: that of the connection with which the chain of resumes began. */
    public long home() {
        return home;
    }

    /** Secret half of the resume token; with the home it is the same for the whole chain of resumes. */
    public long secret() {
        return secret;
    }

    public void identity(long homeHandle, long secretHalf) {
        home = homeHandle;
        secret = secretHalf;
    }

    /** What the phone tells of itself, the same for all its apps. */
    public PhoneTraits traits() {
        return traits;
    }

    /** @param shared by all connections that tell the same */
    public void traits(PhoneTraits shared) {
        traits = shared;
    }

    /** The endpoint whose full credential came first, whose delegations count here; 0 before login. */
    public long hostEndpoint() {
        return hostEndpoint;
    }

    public void hostEndpoint(long endpoint) {
        hostEndpoint = endpoint;
    }

    /** The next seq of this socket. */
    public long nextSeq() {
        return ++seq;
    }

    public long lastSeq() {
        return seq;
    }

    public int receivedTick() {
        return receivedTick;
    }

    public void receivedTick(int tick) {
        receivedTick = tick;
    }

    /** In the foreground, or heard within 3 s: a write does not wake the phone up. */
    public boolean isAwake(int now) {
        return marked(FOREGROUND) || now - receivedTick <= AWAKE_TICKS;
    }

    /** When it was opened (NEW), or the partial frame began (LIVE). */
    public int sinceTick() {
        return sinceTick;
    }

    public void sinceTick(int tick) {
        sinceTick = tick;
    }

    public int idleSeconds() {
        return idleSeconds;
    }

    public void idleSeconds(int seconds) {
        idleSeconds = (short) Math.min(seconds, Short.MAX_VALUE);
    }

    /** Counts frames in steps of about a second; returns those of the step. */
    public int countFrames(int count, int tick) {
        if (tick - frameTick >= Loop.TICKS_PER_SECOND) {
            frameTick = tick;
            frames = 0;
        }
        frames = (short) Math.min(frames + count, Short.MAX_VALUE);
        return frames;
    }

    public @Nullable Window window() {
        return window;
    }

    public void window(@Nullable Window value) {
        window = value;
    }

    /** Un-acked pushes the phone takes, at most {@link Limits#UNACKED_CONNECTION}. */
    public int windowLimit() {
        return windowLimit;
    }

    /** @param wanted by the phone; 0 = as many as there may be */
    public void windowLimit(int wanted) {
        windowLimit = (byte) (wanted <= 0 ? Limits.UNACKED_CONNECTION : Math.min(wanted, Limits.UNACKED_CONNECTION));
    }

    public int inFlight() {
        Window waiting = window;
        return waiting == null ? 0 : waiting.count();
    }

    /** Places of sessions, empty ones included: walk them with {@link #place}. */
    public int places() {
        return 1 + more.length;
    }

    /** A place, whose session may be unbound. */
    public Session place(int i) {
        return i == 0 ? this : more[i - 1];
    }

    public int boundCount() {
        int count = 0;
        for (int i = 0; i < places(); i++) {
            count += place(i).bound() ? 1 : 0;
        }
        return count;
    }

    public @Nullable Session find(long endpointId) {
        for (int i = 0; i < places(); i++) {
            Session session = place(i);
            if (session.endpointId() == endpointId && session.bound()) {
                return session;
            }
        }
        return null;
    }

    public @Nullable Session ofApp(int appId) {
        for (int i = 0; i < places(); i++) {
            Session session = place(i);
            if (session.appId() == appId && session.bound()) {
                return session;
            }
        }
        return null;
    }

    /** An unbound session of this connection: the inline one for its first endpoint, a new one for the others. */
    public Session newPlace(boolean first) {
        if (first && !bound()) {
            return this;
        }
        assert more.length < Limits.CONNECTION_ENDPOINTS;
        Session session = new Session();
        more = Arrays.copyOf(more, more.length + 1);
        more[more.length - 1] = session;
        return session;
    }

    /** Gives up the place of a session that is no longer bound; the inline one stays, empty. */
    public void removePlace(Session session) {
        for (int i = 0; i < more.length; i++) {
            if (session.isSame(more[i])) {
                Session[] left = more.length == 1 ? NONE : Arrays.copyOf(more, more.length - 1);
                System.arraycopy(more, i + 1, left, i, left.length - i);
                more = left;
                return;
            }
        }
    }
}

package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.device.v1.Profile;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.store.Wishes;
import io.longwire.sdk.store.v1.Wish;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The profile of one app as the app wants it: what waits, what is on its way, and who wants to hear of it. One PROFILE
 * is open at a time; what is wished meanwhile goes into the next. When a room refuses one for good that carried the
 * wishes of several calls, they go again call by call, so that a wrong wish takes no other along. Belongs to the loop.
 */
public final class AppProfile {
    /** A frame takes so much; what is left goes with the next. Well below the body of a frame. */
    private static final int FRAME_BYTES = 32 * 1024;
    private static final int PER_WISH_BYTES = 8;

    /** What became of the wishes of one call. */
    public enum Outcome {
        /** The platform has them. */
        APPLIED,
        /** Later calls wished otherwise, for all of the names. */
        REPLACED,
        /** They break a rule, and were dropped. */
        REFUSED,
        /** The client ended first; they are kept, and sent after the next start. */
        KEPT
    }

    /** Hears once, on the loop, what became of the wishes of a call. */
    public interface Done {
        void onDone(Outcome outcome, String reason);
    }

    /** A call whose wishes are not all settled. */
    private static final class Call {
        private final Done done;
        private final long madeAt; // elapsed milliseconds
        private int open;
        private boolean applied;
        private String refused = "";

        Call(Done done, long madeAt, int open) {
            this.done = done;
            this.madeAt = madeAt;
            this.open = open;
        }
    }

    private final Parts parts;
    private final Wishes wishes;
    private final Map<Long, Call> calls = new HashMap<>();
    private final List<Wish> sent = new ArrayList<>();
    private final List<Wish> late = new ArrayList<>();
    private boolean closed;
    private int request; // 0 = none is open
    private int lateRequest; // the last whose time was over; 0 = none
    private long mark; // of the one that is open, on the wire
    private Loop.@Nullable Timer limit; // of its answer
    private long oneByOneUntil; // number of a call: up to it they go one by one

    /** Pauses after failures; {@link Profiles} writes them. */
    int failures;
    long notBefore;

    AppProfile(Parts parts, Wishes wishes) {
        this.parts = parts;
        this.wishes = wishes;
    }

    /** Keeps the wishes of a call until the platform has them; their number is given here. */
    void wish(List<Wish> unnumbered, Done done) {
        if (closed) {
            done.onDone(Outcome.REFUSED, "app: left (expected: on a phone that runs)");
            return;
        }
        if (!wishes.hasRoomFor(unnumbered)) {
            done.onDone(Outcome.REFUSED, "profile: too much waits to be sent (expected: at most twice the limits of "
                    + "an endpoint)");
            return;
        }
        long number = wishes.nextNumber();
        List<Wish> numbered = new ArrayList<>(unnumbered.size());
        for (Wish one : unnumbered) {
            numbered.add(one.toBuilder().setNumber(number).setWishedMs(parts.wallMillis()).build());
        }
        calls.put(number, new Call(done, parts.now(), numbered.size()));
        for (Wish older : wishes.add(numbered)) {
            settle(older, false, "");
        }
        keep();
    }

    /** The next PROFILE to send, or null when one is open or nothing waits. */
    @Nullable
    Profile next(int requestId, long endpointId) {
        if (request != 0 || wishes.isEmpty()) {
            return null;
        }
        Profile.Builder profile = Profile.newBuilder().setReqId(requestId).setEndpointId(endpointId);
        List<Wish> all = wishes.all();
        int bytes = 0;
        for (Wish one : all) {
            boolean alone = all.get(0).getNumber() <= oneByOneUntil && one.getNumber() != all.get(0).getNumber();
            if (alone || bytes + one.getSerializedSize() > FRAME_BYTES) {
                break;
            }
            if (put(one, profile)) {
                bytes += one.getSerializedSize() + PER_WISH_BYTES;
                sent.add(one);
            }
        }
        request = requestId;
        return profile.build();
    }

    /** Whether this is the PROFILE that waits for its answer. */
    boolean isOpen(int requestId) {
        return request == requestId && requestId != 0;
    }

    boolean isOpen() { return request != 0; }

    /** It was sent: its mark on the wire, and what ends the wait for its answer. */
    void awaits(long sentMark, Loop.Timer until) {
        mark = sentMark;
        limit = until;
    }

    /** The mark of the one that waits for its answer. */
    long mark() {
        return mark;
    }

    /** Its time is over: it goes again, but its answer counts until the next one is late as well. */
    void late() {
        lateRequest = request;
        late.clear();
        late.addAll(sent);
        again();
    }

    /** Whether this is the one whose answer is late. */
    boolean isLate(int requestId) {
        return lateRequest == requestId && requestId != 0;
    }

    /** The one that was late is durable. */
    void appliedLate() {
        List<Wish> settled = new ArrayList<>(late);
        lateRequest = 0;
        late.clear();
        settle(settled, true, "");
    }

    /** Whether anything is to be sent. */
    boolean waits() {
        return !wishes.isEmpty();
    }

    /** It is durable. */
    void applied() {
        end(true, "");
    }

    /** It will never be done. */
    void refused(int code, String text) {
        long first = sent.isEmpty() ? 0 : sent.get(0).getNumber();
        long last = sent.isEmpty() ? 0 : sent.get(sent.size() - 1).getNumber();
        if (first != last) {
            oneByOneUntil = last;
            again();
        } else {
            end(false, Code.name(code) + " " + text);
        }
    }

    /** It is not known whether it was done: it goes again. So does what was late, whose answer cannot come any more. */
    void giveUp() {
        lateRequest = 0;
        late.clear();
        again();
    }

    /** It goes again. */
    void again() {
        Loop.Timer old = limit;
        if (old != null) {
            old.cancel();
            limit = null;
        }
        request = 0;
        sent.clear();
    }

    /** The client ends. */
    void close() {
        closed = true;
        giveUp();
        for (Call call : new ArrayList<>(calls.values())) {
            call.done.onDone(Outcome.KEPT, "stopped before the platform answered");
        }
        calls.clear();
    }

    private void end(boolean applied, String refusal) {
        List<Wish> settled = new ArrayList<>(sent);
        again();
        settle(settled, applied, refusal);
        if (!applied) {
            parts.events.onProblem("profile: refused with " + refusal + " (expected: OK); it was dropped");
        }
    }

    private void settle(List<Wish> settled, boolean applied, String refusal) {
        for (Wish one : wishes.remove(settled)) {
            settle(one, applied, refusal);
        }
        keep();
    }

    private void settle(Wish one, boolean applied, String refusal) {
        Call call = calls.get(one.getNumber());
        if (call == null) {
            return; // of an earlier process
        }
        call.applied |= applied;
        call.refused = refusal.isEmpty() ? call.refused : refusal;
        if (--call.open == 0) {
            calls.remove(one.getNumber());
            call.done.onDone(call.refused.isEmpty()
                    ? call.applied ? Outcome.APPLIED : Outcome.REPLACED
                    : Outcome.REFUSED, call.refused);
        }
    }

    private void keep() {
        try {
            wishes.keep();
        } catch (IOException full) {
            parts.storeProblem(full);
        }
    }

    // False: that list is full, the wish goes with the next.
    private boolean put(Wish one, Profile.Builder into) {
        if (count(one, into) >= Wishes.limit(one.getKind())) {
            return false;
        }
        if (one.getRemove()) {
            remove(one, into);
        } else {
            set(one, into);
        }
        return true;
    }

    private void set(Wish one, Profile.Builder into) {
        switch (one.getKind()) {
            case WISH_ALIAS :
                into.addBindAliases(one.getName()).addBindAgeMs(age(one));
                break;
            case WISH_TAG :
                into.addAddTags(one.getName());
                break;
            default :
                into.putSetAttributes(one.getName(), one.getValue());
                break;
        }
    }

    // A sign-in that is sent late must not take the alias from one that came after it. The phone's clock may be wrong,
    // so the platform is told how long ago it was.
    private long age(Wish one) {
        Call call = calls.get(one.getNumber());
        if (call != null) {
            return parts.now() - call.madeAt;
        }
        return one.getWishedMs() == 0 ? 0 : Math.max(0, parts.wallMillis() - one.getWishedMs());
    }

    private static void remove(Wish one, Profile.Builder into) {
        switch (one.getKind()) {
            case WISH_ALIAS :
                into.addUnbindAliases(one.getName());
                break;
            case WISH_TAG :
                into.addRemoveTags(one.getName());
                break;
            default :
                into.addRemoveAttributes(one.getName());
                break;
        }
    }

    private static int count(Wish one, Profile.Builder in) {
        switch (one.getKind()) {
            case WISH_ALIAS :
                return one.getRemove() ? in.getUnbindAliasesCount() : in.getBindAliasesCount();
            case WISH_TAG :
                return one.getRemove() ? in.getRemoveTagsCount() : in.getAddTagsCount();
            default :
                return one.getRemove() ? in.getRemoveAttributesCount() : in.getSetAttributesCount();
        }
    }
}

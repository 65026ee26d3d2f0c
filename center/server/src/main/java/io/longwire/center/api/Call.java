package io.longwire.center.api;

import io.longwire.center.access.Quota;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** One call: what the face knows of it, and what the answer's headers need. Written by one thread at a time. */
public final class Call {
    private final @Nullable String authorization;
    private final InetAddress address;
    private final Consumer<Duration> patience;
    private volatile @Nullable Quota quota;
    private volatile Says says = Says.NOTHING;
    private volatile String traceparent = "";
    private volatile boolean believed;

    /**
     * What the caller says beside its key. Believed when it is the operator's.
     *
     * @param operator "name@address" of the person behind it; empty = not told
     * @param app number of the app that the operator works within; empty = none
     * @param what is called, for the audit log
     */
    public record Says(String operator, String app, String what) {
        static final Says NOTHING = new Says("", "", "");
    }

    /**
     * @param address of the caller
     * @param patience lets the call take so long from its start
     */
    public Call(@Nullable String authorization, InetAddress address, Consumer<Duration> patience) {
        this.authorization = authorization;
        this.address = address;
        this.patience = patience;
    }

    /** A call of nobody that waits: it takes as long as it takes. */
    public Call(@Nullable String authorization, InetAddress address) {
        this(authorization, address, time -> {
        });
    }

    /** It may take so long from its start, however long a call usually may. */
    public void mayTake(Duration time) {
        patience.accept(time);
    }

    public @Nullable String authorization() {
        return authorization;
    }

    public InetAddress address() {
        return address;
    }

    /** Takes what the caller says; set by the face, before the call is answered. */
    public Call says(Says said) {
        says = said;
        return this;
    }

    /** Takes the trace that the caller is in; set by the face, before the call is answered. */
    public Call traced(String given) {
        traceparent = given;
        return this;
    }

    /** The W3C trace context as it was given, perhaps malformed; empty = none was. */
    public String traceparent() {
        return traceparent;
    }

    Says says() {
        return says;
    }

    /** It is the operator who says so. */
    void believe() {
        believed = true;
    }

    /** Where it comes from, as the audit log is told: an address, of an operator that gave a name "name@address". */
    public String origin() {
        String operator = says.operator();
        return believed && !operator.isEmpty() ? operator : address.getHostAddress();
    }

    public void quota(Quota used) {
        quota = used;
    }

    /** What is left of the app's sends; null for a call of nobody's app. */
    public @Nullable Quota quota() {
        return quota;
    }
}

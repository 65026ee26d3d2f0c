package io.longwire.center.audit;

import io.longwire.center.api.Callers;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What the operator does within an app, in the audit log: {@code app.call}, its path the subject. Thread-safe. */
public record OperatorRecords(Audit audit) implements Callers.Records {
    private static final int SUBJECT_CHARS = 128;

    @Override
    public <A> CompletableFuture<A> recorded(String what, int appId, String origin,
            Supplier<CompletableFuture<A>> work) {
        String subject = what.length() > SUBJECT_CHARS ? what.substring(0, SUBJECT_CHARS) : what;
        return audit.recorded(new Audit.Change("app.call", appId, subject, "", origin), work);
    }
}

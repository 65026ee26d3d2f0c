package io.longwire.center.dead;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.ListDeadLettersRequest;
import io.longwire.rpc.center.ResendDeadLetterRequest;

/** The calls about dead letters. Thread-safe, never blocks. */
public record DeadCalls(Callers callers, DeadLetters letters) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("ListDeadLetters", ListDeadLettersRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> letters.list(app, request)));
        table.call("ResendDeadLetter", ResendDeadLetterRequest.getDefaultInstance(),
                (call, request) -> callers.withApp(call, Scope.SEND, app -> letters.resend(app, request)));
    }
}

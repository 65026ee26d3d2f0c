package io.longwire.center.client;

import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.BackendException;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Failures;
import io.longwire.center.client.call.Repeat;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendOutcome;
import io.longwire.rpc.center.SendRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One batch and its rounds: what was refused for now is sent again, the rest is not. Each round is run by whoever
 * brought the answer to the one before.
 */
final class BatchSend {
    private final Calls calls;
    private final List<Message> messages;
    private final List<SendRequest> requests;
    private final @Nullable Outcome[] outcomes;
    private final long deadlineNanos;
    private final Answer<List<Outcome>> answer = new Answer<>();
    private int rounds;

    private BatchSend(Calls calls, List<Message> messages) {
        this.calls = calls;
        this.messages = List.copyOf(messages);
        this.requests = this.messages.stream().map(Message::keyed).toList();
        this.outcomes = new Outcome[requests.size()];
        this.deadlineNanos = calls.deadline();
    }

    static Answer<List<Outcome>> start(Calls calls, List<Message> messages) {
        if (messages.isEmpty()) {
            return Answer.of(List.of());
        }
        var batch = new BatchSend(calls, messages);
        batch.round(java.util.stream.IntStream.range(0, messages.size()).boxed().toList());
        return batch.answer;
    }

    private void round(List<Integer> open) {
        rounds++;
        var request = SendBatchRequest.newBuilder();
        open.forEach(index -> request.addMessages(requests.get(index)));
        Repeat repeat = open.stream().allMatch(index -> messages.get(index).repeatable())
                ? Repeat.ALWAYS
                : Repeat.IF_NOTHING_WAS_DONE;
        calls.call(CenterGrpc.getSendBatchMethod(), request.build(), repeat, deadlineNanos)
                .whenComplete((reply, failure) -> {
                    if (failure == null) {
                        answered(open, reply);
                    } else {
                        failed(open, failure);
                    }
                });
    }

    private void answered(List<Integer> open, SendBatchReply reply) {
        if (reply.getResultsCount() != open.size()) {
            failed(open, BackendException.of(500, "internal", "results: " + reply.getResultsCount() + " (expected: "
                    + open.size() + ", as many as messages)", java.time.Duration.ZERO, null));
            return;
        }
        for (int i = 0; i < open.size(); i++) {
            outcomes[open.get(i)] = outcome(reply.getResults(i));
        }
        if (!again(open)) {
            complete();
        }
    }

    // Those that may be tried again go together, after the longest pause that one of them asks for.
    private boolean again(List<Integer> tried) {
        var left = new ArrayList<Integer>();
        BackendException slowest = null;
        for (int index : tried) {
            BackendException problem = Objects.requireNonNull(outcomes[index]).problem();
            if (problem != null && calls.worth(problem, repeat(index))) {
                left.add(index);
                if (slowest == null || problem.retryAfter().compareTo(slowest.retryAfter()) > 0) {
                    slowest = problem;
                }
            }
        }
        return slowest != null && !answer.isDone()
                && calls.again(slowest, Repeat.ALWAYS, rounds, deadlineNanos, () -> round(left));
    }

    private Repeat repeat(int index) {
        return messages.get(index).repeatable() ? Repeat.ALWAYS : Repeat.IF_NOTHING_WAS_DONE;
    }

    // A later round that fails as a whole leaves what the rounds before have told.
    private void failed(List<Integer> open, Throwable failure) {
        if (rounds > 1 && failure instanceof BackendException problem) {
            open.forEach(index -> outcomes[index] = new Outcome(null, problem));
            complete();
        } else {
            answer.completeExceptionally(failure);
        }
    }

    private void complete() {
        var all = new ArrayList<Outcome>(outcomes.length);
        for (Outcome outcome : outcomes) {
            all.add(Objects.requireNonNull(outcome));
        }
        answer.complete(List.copyOf(all));
    }

    private static Outcome outcome(SendOutcome outcome) {
        return outcome.hasProblem()
                ? new Outcome(null, Failures.of(outcome.getProblem()))
                : new Outcome(Sent.of(outcome.getReply()), null);
    }
}

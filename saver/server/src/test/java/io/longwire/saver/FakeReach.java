package io.longwire.saver;

import io.longwire.saver.due.Reach;
import io.longwire.saver.profile.AliasRules;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Register and rooms as a test wants them. Thread-safe. */
public final class FakeReach implements Reach {
    private final List<Long> asked = new CopyOnWriteArrayList<>();
    private final List<String> signedOut = new CopyOnWriteArrayList<>();
    private volatile Outcome outcome = Outcome.UNKNOWN;
    private volatile Runnable meanwhile = () -> {
    };

    public void answer(Outcome next) {
        outcome = next;
    }

    /** Runs while a look is under way, on a thread of its own. */
    public void meanwhile(Runnable what) {
        meanwhile = what;
    }

    public List<Long> asked() {
        return asked;
    }

    /** Who was told that another endpoint has its alias: "endpoint alias". */
    public List<String> signedOut() {
        return signedOut;
    }

    @Override
    public void signOut(long endpoint, String alias, Supplier<CompletableFuture<Boolean>> lost) {
        if (lost.get().join()) {
            signedOut.add(endpoint + " " + alias);
        }
    }

    /** As {@link AliasRules.Losers}; asks on the caller's thread. */
    public void lost(long endpoint, String alias, AliasRules.Lost lost) {
        signOut(endpoint, alias, () -> {
            try {
                return CompletableFuture.completedFuture(lost.stands());
            } catch (SQLException failed) {
                return CompletableFuture.failedFuture(failed);
            }
        });
    }

    @Override
    public CompletableFuture<Outcome> reach(long endpoint) {
        asked.add(endpoint);
        return CompletableFuture.supplyAsync(() -> {
            meanwhile.run();
            return outcome;
        });
    }
}

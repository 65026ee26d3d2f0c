package io.longwire.bench.load;

import io.longwire.bench.rig.MadeSessions;
import io.longwire.keeper.service.Service;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.RegisterClient;
import java.util.concurrent.CompletableFuture;

/** Register look-ups as center makes them, each for one of the made sessions; ONLINE is what they should answer. */
public final class LookupTarget implements Target {
    private final RegisterClient register;

    public LookupTarget(Service service) {
        this.register = new RegisterClient(service.rpc(), service.cluster(), service.clock(), service.metrics());
    }

    /** One look-up. */
    public CompletableFuture<Lookup> lookup(int number) {
        return register.lookup(MadeSessions.endpoint(number));
    }

    @Override
    public CompletableFuture<String[]> send(int[] numbers, int run, long firstNumber, long nanos) {
        return lookup(numbers[0]).thenApply(answer -> new String[]{switch (answer) {
            case Lookup.Online online -> ACCEPTED;
            case Lookup.Offline offline -> "offline";
            case Lookup.Unknown unknown -> "unknown";
        }});
    }

    @Override
    public void close() {
        register.close();
    }
}

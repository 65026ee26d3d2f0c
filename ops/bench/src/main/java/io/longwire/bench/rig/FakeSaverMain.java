package io.longwire.bench.rig;

import io.longwire.keeper.service.Service;

/** The process of a {@link FakeSaver}: a member of the cluster like a real one. */
public final class FakeSaverMain {
    private FakeSaverMain() {
    }

    public static void main(String[] args) {
        Service.run("saver", args, _ -> new FakeSaver(), (service, saver) -> {
            service.serve(saver);
            service.serve(new FakeBroadcasts());
        });
    }
}

package io.longwire.sdk.phone;

import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.sdk.dispatcher.Dispatcher;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.store.PhoneStore;

/** The parts of a phone without a network: a dial comes to no end, and whoever asks the dispatcher fails. */
final class Offline implements Dispatcher {
    private Offline() {
    }

    static Parts parts(VirtualLoop loop, PhoneStore store, PhoneEvents events) {
        return new Parts(loop, (address, millis, listener) -> () -> {
        }, new DispatcherCalls(loop, new Offline(), Runnable::run), store, VirtualPlatform.SETTINGS,
                new ServerTime(loop), events);
    }

    @Override
    public RegisteredEndpoint register(RegisterEndpoint install) {
        throw new AssertionError("asked");
    }

    @Override
    public Rooms rooms(String endpoint, int attempt) {
        throw new AssertionError("asked");
    }
}

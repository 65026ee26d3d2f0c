package io.longwire.sdk.phone;

import io.longwire.sdk.connection.Race;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.policy.RacePolicy;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets an open wire to a room: one race at a time, either for a connection that is to be made now, or for a
 * <em>spare</em> one while the live connection is in doubt. A spare wire is held open without a word on it, so no room
 * ever acts on it; it is used when the live connection is dead, and closed when that one answers after all.
 *
 * <p>Keeps what the dials say of each address, unless the network has no internet anyway. Belongs to the loop.
 */
final class Dials {
    /** How a race for a connection ends: exactly one of the two, unless it was cancelled. */
    interface Events {
        void onWire(Address address, Dialer.OpenWire wire, long took);

        void onNoWire(List<String> reasons);
    }

    private final Parts parts;
    private final KnownNetworks networks;
    private final Events events;
    private @Nullable Race race;
    private boolean spare; // the race, or the wire held, is for the case that the live connection is dead
    private @Nullable Address heldAddress;
    private Dialer.@Nullable OpenWire held;
    private long heldTook;

    Dials(Parts parts, KnownNetworks networks, Events events) {
        this.parts = parts;
        this.networks = networks;
        this.events = events;
    }

    /** Whether a wire is on its way to {@link Events}. */
    boolean areForConnection() {
        return race != null && !spare;
    }

    /** Whether anything is under way or held. */
    boolean areIdle() {
        return race == null && held == null;
    }

    /** Whether there is a spare wire, or a race for one. */
    boolean haveSpare() {
        return spare;
    }

    /** Begins a race for a connection; what was spare is given up. */
    void begin(List<Address> candidates, Network network, boolean foreground) {
        cancel();
        race(candidates, network, foreground);
    }

    /** Begins a race for a spare wire, when nothing else is under way. */
    void beginSpare(List<Address> candidates, Network network, boolean foreground) {
        if (areIdle() && !candidates.isEmpty()) {
            spare = true;
            race(candidates, network, foreground);
        }
    }

    /** The live connection is dead: the spare wire is told now, or as soon as it is there. */
    void useSpare() {
        spare = false;
        Address address = heldAddress;
        Dialer.OpenWire wire = held;
        if (address != null && wire != null) {
            held = null;
            heldAddress = null;
            events.onWire(address, wire, heldTook);
        }
    }

    /** The live connection answered. */
    void dropSpare() {
        if (spare) {
            cancel();
        }
    }

    /** Gives up what is under way. */
    void cancel() {
        Race old = race;
        if (old != null) {
            old.cancel();
        }
        race = null;
        spare = false;
        Dialer.OpenWire wire = held;
        if (wire != null) {
            wire.close(0);
        }
        held = null;
        heldAddress = null;
    }

    private void race(List<Address> candidates, Network network, boolean foreground) {
        KnownNetwork known = networks.of(network);
        RacePolicy policy = new RacePolicy(candidates.size(), RacePolicy.stagger(known.srttMillis(), foreground),
                RacePolicy.parallel(foreground), Pace.of(network).roundMillis(), parts.now());
        Race round = new Race(parts.loop, parts.dialer, candidates, policy, new Race.Listener() {
            @Override
            public void onWinner(Address address, Dialer.OpenWire wire, long took) {
                won(address, wire, took);
            }

            @Override
            public void onFailed(Address address) {
                if (network.isValidated()) {
                    known.failed(address, parts.now());
                    networks.changed();
                }
            }

            @Override
            public void onLost(List<String> reasons) {
                lost(reasons);
            }
        });
        race = round;
        round.start();
    }

    private void won(Address address, Dialer.OpenWire wire, long took) {
        race = null;
        if (spare) {
            heldAddress = address;
            held = wire;
            heldTook = took;
        } else {
            events.onWire(address, wire, took);
        }
    }

    private void lost(List<String> reasons) {
        race = null;
        boolean wanted = !spare;
        spare = false;
        if (wanted) {
            events.onNoWire(reasons);
        }
    }
}

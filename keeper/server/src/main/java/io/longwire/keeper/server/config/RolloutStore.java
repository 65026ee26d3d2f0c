package io.longwire.keeper.server.config;

import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.WatchedRollout;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a rollout reads and writes of the store. Waits; throws ConfigRefused STORE_AWAY if it does not answer. */
interface RolloutStore {
    List<String> parts();

    /** The state of a part; an empty one before the first change. */
    ConfigState state(String part);

    /** What is watched of the part's rollout; an empty one, of rollout 0, before the first. */
    WatchedRollout watched(String part);

    /** Throws NO_SUCH_VERSION. 0 = no layers. */
    ConfigVersion version(String part, long number);

    /** Changes the state; the change may be tried several times, and may refuse. The state as it is then. */
    ConfigState change(String part, UnaryOperator<ConfigState> change);

    /** As change, and in the same step, if the state changes, replaces what is watched. The part has a state. */
    ConfigState change(String part, UnaryOperator<ConfigState> change, @Nullable WatchedRollout watched);
}

package io.longwire.room.resume;

import com.google.protobuf.ByteString;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Forward;
import io.longwire.room.session.Handle;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings the sessions of a dropped connection to the new one, from whatever loop they are on. Owner: the loop.
 *
 * <p>The register knows a chain of resumed connections by its <em>home</em>: the handle of the first one. After a
 * resume the home place holds a {@link Forward} to the newest connection, so a resume writes nothing to the register;
 * a chain has one forward, however long it gets. A claim goes to the home's loop, which finds the connection there,
 * or asks the loop its forward names. A connection whose drop the room has not noticed yet is taken over as well.
 *
 * <p>While sessions travel, the place they left forwards to where they go, and the new connection answers pushes for
 * them with PARKED and remembers that one came.
 */
public final class Claims {
    /** Takes what was claimed; null if there is nothing (any more) behind the token. Runs on the asking loop. */
    public interface Answer {
        void claimed(@Nullable Parked parked);
    }

    private final Loop loop;
    private final Parking parking;
    private final ResumeTokens tokens;
    private final Claims[] peers;

    /** @param peers one per loop by its index, filled by the caller before the first claim */
    public Claims(Loop loop, Parking parking, ResumeTokens tokens, Claims[] peers) {
        this.loop = loop;
        this.parking = parking;
        this.tokens = tokens;
        this.peers = peers;
    }

    /** Claims what the token stands for; answers at once if all of it is on this loop. */
    public void claim(Connection connection, ByteString token, Answer answer) {
        long home = tokens.home(token);
        long secret = ResumeTokens.secret(token);
        long to = connection.handle();
        if (Handle.loop(home) >= peers.length) {
            answer.claimed(null);
            return;
        }
        Claims owner = peers[Handle.loop(home)];
        owner.run(this, () -> owner.fromHome(home, secret, to, this, answer));
    }

    /** The chain of this home has ended at this handle. */
    public void release(long home, long handle) {
        Claims owner = peers[Handle.loop(home)];
        owner.run(this, () -> {
            if (owner.loop.table().at(home) instanceof Forward forward && forward.to() == handle) {
                owner.loop.table().free(home);
            }
        });
    }

    private void fromHome(long home, long secret, long to, Claims asker, Answer answer) {
        switch (loop.table().at(home)) {
            case Connection there when matches(there, home, secret) ->
                give(asker, answer, detach(there, new Forward(secret, to)));
            case Forward forward when forward.secret() == secret -> {
                long from = forward.to();
                Claims holder = peers[Handle.loop(from)];
                holder.run(this, () -> holder.take(from, home, secret, to, this, asker, answer));
            }
            case null, default -> give(asker, answer, null);
        }
    }

    // On the loop that has the sessions now; homeLoop is told where they went before this place is given up.
    private void take(long from, long home, long secret, long to, Claims homeLoop, Claims asker, Answer answer) {
        if (loop.table().at(from) instanceof Connection there && matches(there, home, secret)) {
            Parked parked = detach(there, new Forward(secret, to));
            homeLoop.run(this, () -> {
                if (homeLoop.loop.table().at(home) instanceof Forward forward) {
                    forward.to(to);
                }
                run(homeLoop, () -> loop.table().free(from));
                homeLoop.give(asker, answer, parked);
            });
        } else {
            give(asker, answer, null);
        }
    }

    private static boolean matches(Connection connection, long home, long secret) {
        return connection.home() == home && connection.secret() == secret
                && (connection.phase() == Connection.PARKED || connection.phase() == Connection.LIVE);
    }

    private Parked detach(Connection connection, Forward forward) {
        parking.replaced(connection);
        parking.leave(connection);
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < connection.places(); i++) {
            Session session = connection.place(i);
            if (session.bound()) {
                Session copy = new Session();
                copy.resume(session);
                sessions.add(copy);
                session.unbind();
            }
        }
        loop.table().replace(connection, forward);
        return new Parked(connection.home(), connection.secret(), connection.traits().network(), sessions);
    }

    private void give(Claims asker, Answer answer, @Nullable Parked parked) {
        asker.run(this, () -> answer.claimed(parked));
    }

    // Runs the task on this object's loop; at once, if the caller is that loop.
    private void run(Claims caller, Runnable task) {
        if (caller == this) {
            task.run();
        } else {
            loop.mailbox().answer(task);
        }
    }
}

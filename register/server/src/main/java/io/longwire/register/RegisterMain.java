package io.longwire.register;

import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Vitals;
import io.longwire.keeper.service.Service;
import io.longwire.register.rpc.RegisterRpc;
import io.longwire.register.slots.Completeness;
import io.longwire.register.slots.Ownership;
import io.longwire.register.slots.Rooms;
import io.longwire.register.slots.Sweeper;
import io.longwire.register.table.SessionTable;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The register process: rooms write their sessions to it, everybody else asks it where an endpoint is. */
public final class RegisterMain {
    private static final Logger LOG = LoggerFactory.getLogger(RegisterMain.class);

    private RegisterMain() {
    }

    public static void main(String[] args) {
        Service.run("register", args, RegisterConfig::read, RegisterMain::wire);
    }

    public static void wire(Service s, RegisterConfig config) {
        var rooms = new Rooms(s.clock());
        var table = s.own(new SessionTable(s.live(RegisterConfig::maxSessions)::get, rooms));
        var ownership = new Ownership(s.cluster(), table, rooms, s.clock(),
                s.live(RegisterConfig::completeAfter));
        rooms.listen(ownership);
        s.own(new Sweeper(table, ownership, rooms, s.clock(), s.metrics().counter(RegisterMetric.SWEPT)));
        var members = s.cluster().onMembers("room", rooms::follow);
        var maps = s.cluster().onRegisterMap(ownership::follow);
        s.own(members::cancel);
        s.own(maps::cancel);
        gauges(s, table, ownership);
        s.serve(new RegisterRpc(s.cluster(), s.clock(), table, ownership, rooms, s.metrics()));
        s.health("slots", ownership::health);
        s.vitals(Vitals.RUNTIME.work(RegisterMetric.LOOKUPS).work(RegisterMetric.PUTS)
                .failures(RegisterMetric.LOOKUPS, "online", "offline", "offline_by_time")
                .failures(RegisterMetric.PUTS, "stored", "displaced", "incumbent").time(RegisterMetric.ANSWER_TIME));
        Live<Duration> handOver = s.live(RegisterConfig::handOver);
        s.onDrain(() -> {
            Duration wait = handOver.get();
            if (!ownership.handOver(wait)) {
                LOG.warn("drain: {} slots are still ours (expected: none within {})", ownership.count(), wait);
            }
        });
    }

    private static void gauges(Service s, SessionTable table, Ownership ownership) {
        s.metrics().gauge(RegisterMetric.SESSIONS, table::size);
        s.metrics().gauge(RegisterMetric.TABLE_BYTES, table::bytes);
        s.metrics().gauge(RegisterMetric.SLOTS_OWNED, ownership::count);
        s.metrics().gauge(RegisterMetric.SLOTS_BY_FLUSH, () -> ownership.countComplete(Completeness.BY_FLUSH));
        s.metrics().gauge(RegisterMetric.SLOTS_BY_TIME, () -> ownership.countComplete(Completeness.BY_TIME));
        s.metrics().gauge(RegisterMetric.MAP_EPOCH, ownership::epoch);
    }
}

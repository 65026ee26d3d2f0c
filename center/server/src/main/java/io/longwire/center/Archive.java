package io.longwire.center;

import io.longwire.center.audit.AuditStore;
import io.longwire.center.ban.BanStore;
import io.longwire.center.dead.DeadStore;
import io.longwire.center.ledger.ConservationStore;
import io.longwire.center.profile.ProfileStore;
import io.longwire.center.receipt.ReceiptStore;
import io.longwire.center.schedule.ScheduleStore;

/** What the savers keep for products beside their messages, in one. Thread-safe, never blocks. */
public interface Archive
        extends
            ProfileStore,
            ScheduleStore,
            ReceiptStore,
            DeadStore,
            AuditStore,
            BanStore,
            ConservationStore {}

package io.longwire.center;

import io.longwire.center.access.Directory;
import io.longwire.center.products.ProductStore;
import io.longwire.center.send.Blocked;
import io.longwire.center.send.HeadStore;
import io.longwire.center.send.MessageStore;
import io.longwire.center.send.Rooms;
import io.longwire.center.send.Sessions;
import io.longwire.center.status.Ledger;

/** Everything center asks of the other parts: the roles its features name, in one. Thread-safe, never blocks. */
public interface Parts
        extends
            Sessions,
            Rooms,
            MessageStore,
            Blocked,
            HeadStore,
            Ledger,
            Directory,
            ProductStore {}

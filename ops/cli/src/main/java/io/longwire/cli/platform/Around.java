package io.longwire.cli.platform;

import io.longwire.keeper.service.Service;

/** Stands between a part and its runtime, where tests plant faults. */
@FunctionalInterface
public interface Around {
    /** Every part as it is. */
    Around NOTHING = (part, service) -> service;

    /** What the part's wiring is given in place of its runtime. */
    Service around(String part, Service service);
}

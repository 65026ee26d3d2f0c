package io.longwire.saver.profile;

/** How many endpoints of an app may have an alias at once; the order is that of the column {@code app.devices}. */
public enum Devices {
    /** As many as there may be. */
    ALL,
    /** The last that bound it, of each platform. */
    ONE_PER_PLATFORM,
    /** The last that bound it. */
    NEWEST,
    /** The first that bound it, until it is unbound. */
    OLDEST;

    /** Of the column; one of a later version is taken for {@link #ALL}. */
    public static Devices of(int number) {
        return number >= 0 && number < values().length ? values()[number] : ALL;
    }
}

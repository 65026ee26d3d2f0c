package io.longwire.cli.platform;

import java.nio.file.Path;
import java.util.List;

/**
 * What a one-JVM platform is made of.
 *
 * @param data where everything is kept; a platform started there again goes on with its data
 * @param ports 0 = any free one
 * @param registers how many registers; two give every slot its two owners
 */
public record PlatformOptions(Path data, Ports ports, int rooms, int registers, Testing testing) {
    /** Where the outside finds the platform. Further rooms take the next ports. */
    public record Ports(int api, int dispatcher, int coordinator, int console, int room, int roomTls) {
        public static final Ports USUAL = new Ports(8080, 8081, 8082, 8083, 7000, 7443);
        public static final Ports ANY = new Ports(0, 0, 0, 0, 0);

        /** Any port for the console. */
        public Ports(int api, int dispatcher, int coordinator, int room, int roomTls) {
            this(api, dispatcher, coordinator, 0, room, roomTls);
        }

        /** Any port for the coordinator. */
        public Ports(int api, int dispatcher, int room, int roomTls) {
            this(api, dispatcher, 0, room, roomTls);
        }
    }

    /**
     * What tests alone ask for.
     *
     * @param storesSurvive the stores outlive this process when it is killed; else they end with it
     * @param haltPoints see HaltPoints; needs LONGWIRE_TEST=1
     * @param settings overrides, {@code part.key.path=value}; the part {@code all} is every part
     * @param around what stands between a part and its runtime
     */
    public record Testing(boolean storesSurvive, List<String> haltPoints, List<String> settings, Around around) {
        /** Nothing special. */
        public static final Testing NONE = new Testing(false, List.of(), List.of(), Around.NOTHING);
    }

    /** One room, two registers, any free ports. */
    public static PlatformOptions in(Path data) {
        return new PlatformOptions(data, Ports.ANY, 1, 2, Testing.NONE);
    }

    public PlatformOptions ports(Ports wanted) {
        return new PlatformOptions(data, wanted, rooms, registers, testing);
    }

    public PlatformOptions rooms(int count) {
        return new PlatformOptions(data, ports, count, registers, testing);
    }

    public PlatformOptions testing(Testing asked) {
        return new PlatformOptions(data, ports, rooms, registers, asked);
    }
}

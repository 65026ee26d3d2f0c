package io.longwire.room.login;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Address;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Listeners of the other rooms, for phones that should go elsewhere. Thread-safe; written by the cluster's thread.
 */
public final class Alternates {
    /** The member attribute that names a room's listeners: tcp://host:port,tls://host:port. */
    public static final String LISTEN = "listen";
    private static final int PLAIN = 1;

    private final String ownInstance;
    private volatile List<Address> known = List.of();

    public Alternates(String ownInstance) {
        this.ownInstance = ownInstance;
    }

    /** The rooms that live now. */
    public void onMembers(Members rooms) {
        var addresses = new ArrayList<Address>();
        for (Member room : rooms.list()) {
            if (!room.instance().equals(ownInstance) && !room.draining()) {
                for (String listener : room.attributes().getOrDefault(LISTEN, "").split(",", -1)) {
                    parse(listener, room.idc(), addresses);
                }
            }
        }
        known = List.copyOf(addresses);
    }

    /** At most so many, beginning anywhere, so that phones scatter. */
    public List<Address> pick(int count) {
        List<Address> all = known;
        if (all.size() <= count) {
            return all;
        }
        int from = ThreadLocalRandom.current().nextInt(all.size());
        var picked = new ArrayList<Address>(count);
        for (int i = 0; i < count; i++) {
            picked.add(all.get((from + i) % all.size()));
        }
        return picked;
    }

    private static void parse(String listener, String idc, List<Address> into) {
        int scheme = listener.indexOf("://");
        int colon = listener.lastIndexOf(':');
        if (scheme < 0 || colon <= scheme) {
            return; // of a later version, or none
        }
        String host = listener.substring(scheme + 3, colon).replace("[", "").replace("]", "");
        Address.Builder address = Address.newBuilder().setHost(host).setIdc(idc).setWeight(1)
                .setFlags(listener.startsWith("tcp://") ? PLAIN : 0);
        try {
            address.setPort(Integer.parseInt(listener.substring(colon + 1)));
            address.setIp(ByteString.copyFrom(InetAddress.ofLiteral(host).getAddress()));
        } catch (IllegalArgumentException aName) {
            address.setIp(ByteString.EMPTY);
        }
        if (address.getPort() != 0) {
            into.add(address.build());
        }
    }
}

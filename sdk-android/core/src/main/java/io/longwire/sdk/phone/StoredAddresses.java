package io.longwire.sdk.phone;

import io.longwire.sdk.store.v1.StoredAddress;
import io.longwire.sdk.transport.Address;

/** Addresses to and from files. */
final class StoredAddresses {
    private StoredAddresses() {
    }

    static boolean isUsable(StoredAddress one) {
        return Address.isUsable(one.getHost(), one.getIp(), one.getPort());
    }

    static Address of(StoredAddress one) {
        return Address.of(one.getHost(), one.getIp(), one.getPort(), one.getTls()).in(one.getIdc());
    }

    static StoredAddress of(Address one) {
        return StoredAddress.newBuilder().setHost(one.host()).setIp(one.ip()).setPort(one.port()).setTls(one.tls())
                .setIdc(one.idc()).build();
    }
}

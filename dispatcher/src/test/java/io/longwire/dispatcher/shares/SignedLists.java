package io.longwire.dispatcher.shares;

import com.google.protobuf.ByteString;
import io.longwire.device.dispatcher.ShareList;
import io.longwire.device.dispatcher.ShareMember;
import io.longwire.device.dispatcher.SignedShareList;
import java.util.Base64;

/** Lists in the form that {@code longwire share-list} gives them; the signature is none but in its form. */
public final class SignedLists {
    private SignedLists() {
    }

    public static byte[] signed(String group, long serial) {
        return signed(list(group, serial).build(), signature());
    }

    /** In base64. */
    public static String text(String group, long serial) {
        return text(signed(group, serial));
    }

    static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static ShareList.Builder list(String group, long serial) {
        return ShareList.newBuilder().setGroup(group).setSerial(serial).setUntilMs(1).addMembers(member("com.a"));
    }

    static ShareMember member(String packageName) {
        return ShareMember.newBuilder().setPackageName(packageName).setAppId(7)
                .addCertificates(ByteString.copyFrom(new byte[32])).build();
    }

    static byte[] signed(ShareList list, byte[] signature) {
        return SignedShareList.newBuilder().setList(list.toByteString()).setSignature(ByteString.copyFrom(signature))
                .build().toByteArray();
    }

    /** SEQUENCE { INTEGER 1, INTEGER 2 } */
    static byte[] signature() {
        return new byte[]{0x30, 6, 2, 1, 1, 2, 1, 2};
    }
}

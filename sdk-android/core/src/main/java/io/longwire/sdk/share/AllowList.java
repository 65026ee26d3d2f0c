package io.longwire.sdk.share;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.dispatcher.ShareList;
import io.longwire.device.dispatcher.ShareMember;
import io.longwire.device.dispatcher.SignedShareList;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to a share group: packages, each with the certificates that may have signed it and the app it stands for.
 * The platform's operator signs it, so no app can let itself in. Signed by ECDSA on P-256, which every Android since 5
 * checks; Ed25519 came with 13. Immutable.
 */
public final class AllowList {
    /** Members of a list, at most. */
    public static final int MEMBERS_MAX = 256;
    private static final int DIGEST_BYTES = 32;
    private static final String ALGORITHM = "SHA256withECDSA";

    private final String group;
    private final long serial;
    private final long untilMillis;
    private final Map<String, ShareMember> members = new HashMap<>();

    private AllowList(ShareList list) {
        group = list.getGroup();
        serial = list.getSerial();
        untilMillis = list.getUntilMs();
        for (ShareMember member : list.getMembersList()) {
            members.put(member.getPackageName(), member);
        }
    }

    /**
     * Reads a signed list that is in force.
     *
     * @param key the operator's public key, X.509
     * @param nowMillis by the platform's clock
     * @throws InvalidShareListException it is not one, not signed by this key, for another group, or out of date
     */
    public static AllowList read(byte[] signed, byte[] key, String group, long nowMillis)
            throws InvalidShareListException {
        AllowList list = read(signed, key, group);
        if (!list.isValid(nowMillis)) {
            throw new InvalidShareListException("share list: until " + list.untilMillis + " (expected: after "
                    + nowMillis + ")", null);
        }
        return list;
    }

    /**
     * Reads a signed list, whose time may be over.
     *
     * @param key the operator's public key, X.509
     * @throws InvalidShareListException it is not one, not signed by this key, or for another group
     */
    public static AllowList read(byte[] signed, byte[] key, String group) throws InvalidShareListException {
        try {
            SignedShareList outer = SignedShareList.parseFrom(signed);
            byte[] body = outer.getList().toByteArray();
            PublicKey publicKey = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key));
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(publicKey);
            signature.update(body);
            if (!signature.verify(outer.getSignature().toByteArray())) {
                throw new InvalidShareListException("share list: signature wrong (expected: the operator's)", null);
            }
            return new AllowList(checked(ShareList.parseFrom(body), group));
        } catch (GeneralSecurityException | InvalidProtocolBufferException broken) {
            throw new InvalidShareListException("share list: " + broken.getMessage() + " (expected: a signed list)",
                    broken);
        }
    }

    private static ShareList checked(ShareList list, String group) throws InvalidShareListException {
        if (!list.getGroup().equals(group)) {
            throw new InvalidShareListException("share list: of group " + list.getGroup() + " (expected: " + group
                    + ")", null);
        }
        if (list.getSerial() < 0) {
            throw new InvalidShareListException("share list: serial " + list.getSerial() + " (expected: below 2^63)",
                    null);
        }
        if (list.getMembersCount() > MEMBERS_MAX) {
            throw new InvalidShareListException("share list: " + list.getMembersCount() + " members (expected: at most "
                    + MEMBERS_MAX + ")", null);
        }
        return list;
    }

    public String group() {
        return group;
    }

    /** Grows with every list of the group: an older one than known is not taken. 0 = the list has none. */
    public long serial() {
        return serial;
    }

    /** Whether it may still be used. */
    public boolean isValid(long nowMillis) {
        return nowMillis < untilMillis;
    }

    /**
     * Which app this package stands for.
     *
     * @param certificate SHA-256 of the certificate that the package is signed with
     * @return 0 = it does not belong to the group, or is signed by somebody else
     */
    public int appOf(String packageName, byte[] certificate) {
        ShareMember member = members.get(packageName);
        return member != null && isOneOf(member, certificate) ? member.getAppId() : 0;
    }

    /** The packages of the group. */
    public String[] packages() {
        String[] names = members.keySet().toArray(new String[0]);
        Arrays.sort(names);
        return names;
    }

    private static boolean isOneOf(ShareMember member, byte @Nullable [] certificate) {
        if (certificate == null || certificate.length != DIGEST_BYTES) {
            return false;
        }
        for (int i = 0; i < member.getCertificatesCount(); i++) {
            if (Arrays.equals(member.getCertificates(i).toByteArray(), certificate)) {
                return true;
            }
        }
        return false;
    }
}

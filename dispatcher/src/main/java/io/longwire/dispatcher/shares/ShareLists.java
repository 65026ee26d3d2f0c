package io.longwire.dispatcher.shares;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.dispatcher.ShareList;
import io.longwire.device.dispatcher.SignedShareList;
import io.longwire.dispatcher.DispatcherConfig.SharedBy;
import io.longwire.keeper.config.ConfigException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The signed lists by their groups. Their form is checked here; the signature is checked by phones, which have the key.
 * A list whose time is over is kept: a process must start with what it served yesterday. Immutable.
 */
public final class ShareLists {
    /** Lists, at most. */
    static final int GROUPS_MAX = 64;
    /** A list without base64, at most; also what a phone reads. */
    static final int LIST_MAX_BYTES = 32 << 10;
    /** What {@link #isGroup} asks for. */
    public static final String GROUP_RULE = "1 to 255 characters, none of \" < &, no line break, no --";
    private static final Pattern GROUP = Pattern.compile("[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\"<&]{1,255}");
    private static final int SHOWN_MAX_CHARS = 60;
    private static final int MEMBERS_MAX = 256;
    private static final int SIGNATURE_MAX_BYTES = 72; // two numbers of P-256 in DER

    private final Map<String, Published> byGroup;

    /**
     * One list.
     *
     * @param signed a SignedShareList
     */
    record Published(ByteString signed, long serial) {
    }

    private ShareLists(Map<String, Published> byGroup) {
        this.byGroup = byGroup;
    }

    /** @throws ConfigException a list is none, or of another group; or a group has two */
    public static ShareLists of(List<SharedBy> lists) {
        if (lists.size() > GROUPS_MAX) {
            throw new ConfigException("shareLists: " + lists.size() + " (expected: at most " + GROUPS_MAX + ")");
        }
        var byGroup = new HashMap<String, Published>();
        for (SharedBy one : lists) {
            if (!isGroup(one.group())) {
                throw new ConfigException("shareLists.group: " + shown(one.group()) + " (expected: " + GROUP_RULE
                        + ")");
            }
            if (byGroup.put(one.group(), published(one)) != null) {
                throw new ConfigException("shareLists.group: " + one.group() + " twice (expected: each group once)");
            }
        }
        return new ShareLists(Map.copyOf(byGroup));
    }

    /** Whether a group may be called so: as it is, it stands in a manifest, within a comment there, and in YAML. */
    public static boolean isGroup(String name) {
        return GROUP.matcher(name).matches() && !name.contains("--");
    }

    /** The name as far as an error tells it. */
    static String shown(String group) {
        return group.length() > SHOWN_MAX_CHARS ? group.substring(0, SHOWN_MAX_CHARS) + "..." : group;
    }

    /** The list of a group; null = none is published. */
    @Nullable
    Published of(String group) {
        return byGroup.get(group);
    }

    private static Published published(SharedBy one) {
        byte[] bytes = bytes(one);
        try {
            var signed = SignedShareList.parseFrom(bytes);
            byte[] signature = signed.getSignature().toByteArray();
            if (!isDer(signature)) {
                throw wrong(one, "a signature of " + signature.length + " bytes", "one of ECDSA on P-256, in DER");
            }
            var list = ShareList.parseFrom(signed.getList());
            if (!list.getGroup().equals(one.group())) {
                throw wrong(one, "signed for " + list.getGroup(), "for this group");
            }
            if (list.getMembersCount() > MEMBERS_MAX) {
                throw wrong(one, list.getMembersCount() + " members", "at most " + MEMBERS_MAX);
            }
            if (list.getSerial() < 0) {
                throw wrong(one, "serial " + Long.toUnsignedString(list.getSerial()), "below 2^63");
            }
            return new Published(ByteString.copyFrom(bytes), list.getSerial());
        } catch (InvalidProtocolBufferException broken) {
            throw wrong(one, bytes.length + " bytes", "what longwire share-list prints");
        }
    }

    private static byte[] bytes(SharedBy one) {
        if (one.list().length() > LIST_MAX_BYTES * 4 / 3 + 4) {
            throw wrong(one, one.list().length() + " characters", "at most " + LIST_MAX_BYTES + " bytes in base64");
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(one.list());
            if (bytes.length <= LIST_MAX_BYTES) {
                return bytes;
            }
            throw wrong(one, bytes.length + " bytes", "at most " + LIST_MAX_BYTES);
        } catch (IllegalArgumentException notBase64) {
            throw wrong(one, notBase64.getMessage(), "base64");
        }
    }

    // SEQUENCE { INTEGER, INTEGER }, nothing behind it.
    private static boolean isDer(byte[] signature) {
        if (signature.length < 8 || signature.length > SIGNATURE_MAX_BYTES || signature[0] != 0x30
                || signature[1] != signature.length - 2 || signature[2] != 0x02) {
            return false;
        }
        int second = 4 + signature[3];
        return signature[3] > 0 && second + 2 < signature.length && signature[second] == 0x02
                && second + 2 + signature[second + 1] == signature.length;
    }

    private static ConfigException wrong(SharedBy one, @Nullable String what, String rule) {
        return new ConfigException("shareLists.list: of " + one.group() + ": " + what + " (expected: " + rule + ")");
    }
}

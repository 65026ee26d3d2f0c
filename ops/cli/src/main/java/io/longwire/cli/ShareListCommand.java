package io.longwire.cli;

import com.google.protobuf.ByteString;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.device.dispatcher.ShareList;
import io.longwire.device.dispatcher.ShareMember;
import io.longwire.device.dispatcher.SignedShareList;
import io.longwire.dispatcher.shares.ShareLists;
import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Signs the list of apps that may share a phone's connection; docs/android.md says where it goes. */
@Command(name = "share-list", mixinStandardHelpOptions = true,
        description = "Signs the list of apps that share a phone's connection, and prints what their manifests need.")
final class ShareListCommand implements Runnable {
    private static final int DIGEST_BYTES = 32;
    private static final int APP_MAX_DIGITS = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--key", required = true, paramLabel = "FILE",
            description = "The signing key; made where there is none. Keep it: phones take lists of this key alone.")
    private Path key = Path.of("share.key");

    @Option(names = "--group", required = true, description = "The name of the group, as the apps' manifests say it.")
    private String group = "";

    @Option(names = "--days", defaultValue = "400", description = "How long the list is good; ${DEFAULT-VALUE}.")
    private int days;

    @Option(names = "--serial", paramLabel = "NUMBER",
            description = "The list's number, 1 to 2^63-1; by default the time of now in seconds. Phones take"
                    + " a list only if its number is above that of the one they have, and never go back.")
    private @Nullable Long serial;

    @Option(names = "--member", required = true, paramLabel = "PACKAGE=APP:SHA256",
            description = "An app of the group: its package, the number of its app, SHA-256 of its signing certificate,"
                    + " hex. May be repeated; so may a package, for another certificate.")
    private List<String> members = List.of();

    @Override
    public void run() {
        if (!ShareLists.isGroup(group)) {
            throw new WrongUsage("--group: " + group + " (expected: " + ShareLists.GROUP_RULE + ")");
        }
        if (days < 1) {
            throw new WrongUsage("--days: " + days + " (expected: 1 or more)");
        }
        Instant now = Instant.now();
        long number = serial == null ? now.getEpochSecond() : serial;
        if (number < 1) {
            throw new WrongUsage("--serial: " + number + " (expected: 1 or more)");
        }
        ShareList.Builder list = ShareList.newBuilder().setGroup(group).setSerial(number)
                .setUntilMs(now.plus(Duration.ofDays(days)).toEpochMilli());
        Map<String, ShareMember> byPackage = new LinkedHashMap<>();
        for (String one : members) {
            ShareMember member = member(one);
            byPackage.merge(member.getPackageName(), member, (earlier, more) -> {
                if (earlier.getAppId() != more.getAppId()) {
                    throw new WrongUsage("--member: " + one + " (expected: each package with one app)");
                }
                return earlier.toBuilder().addAllCertificates(more.getCertificatesList()).build();
            });
        }
        list.addAllMembers(byPackage.values());
        try {
            List<byte[]> keys = keys();
            PrivateKey secret = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keys.get(0)));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(secret);
            ByteString body = list.build().toByteString();
            signature.update(body.toByteArray());
            String signed = text(SignedShareList.newBuilder().setList(body)
                    .setSignature(ByteString.copyFrom(signature.sign())).build().toByteArray());
            print("share_group", group);
            print("share_list", signed);
            print("share_key", text(keys.get(1)));
            printHowToPublish(number, signed);
        } catch (GeneralSecurityException broken) {
            throw new StartFailure(key + ": " + broken.getMessage() + " (expected: a key that this command made)",
                    broken);
        } catch (IOException failed) {
            throw new StartFailure(key + ": could not be read or written (" + failed.getMessage() + ")", failed);
        }
    }

    private void print(String name, String value) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("<meta-data android:name=\"io.longwire." + name + "\" android:value=\"" + value + "\"/>");
    }

    // Within a comment, so that all may be pasted into a manifest; neither a group's name nor base64 has two dashes.
    private void printHowToPublish(long number, String signed) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("<!-- List " + number + ". Apps that are installed already take it within a week or so, once the"
                + " dispatchers' configuration has it:");
        out.println("shareLists:");
        out.println("- group: '" + group.replace("'", "''") + "'");
        out.println("  list: " + signed);
        out.println("-->");
    }

    private static ShareMember member(String text) {
        int equals = text.indexOf('=');
        int colon = text.indexOf(':', equals + 1);
        String app = equals > 0 && colon > equals ? text.substring(equals + 1, colon) : "";
        if (!app.matches("[0-9]{1," + APP_MAX_DIGITS + "}") || app.equals("0")) {
            throw wrong(text);
        }
        try {
            byte[] digest = HexFormat.of().parseHex(text.substring(colon + 1).replace(":", ""));
            if (digest.length != DIGEST_BYTES) {
                throw wrong(text);
            }
            return ShareMember.newBuilder().setPackageName(text.substring(0, equals))
                    .setAppId(Integer.parseUnsignedInt(app)).addCertificates(ByteString.copyFrom(digest)).build();
        } catch (IllegalArgumentException notHex) {
            throw wrong(text);
        }
    }

    private static WrongUsage wrong(String text) {
        return new WrongUsage("--member: " + text + " (expected: PACKAGE=APP:SHA256, as com.shop.mail=7:0f3a...)");
    }

    /** The secret one, then the public one. */
    private List<byte[]> keys() throws IOException, GeneralSecurityException {
        if (!Files.exists(key)) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair made = generator.generateKeyPair();
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(key, text(made.getPrivate().getEncoded()) + "\n" + text(made.getPublic().getEncoded())
                    + "\n");
        }
        List<String> lines = Files.readAllLines(key);
        if (lines.size() != 2) {
            throw new GeneralSecurityException(lines.size() + " lines");
        }
        try {
            return List.of(Base64.getDecoder().decode(lines.get(0)), Base64.getDecoder().decode(lines.get(1)));
        } catch (IllegalArgumentException broken) {
            throw new GeneralSecurityException("no base64", broken);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}

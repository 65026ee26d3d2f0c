package io.longwire.sdk.android.share;

import android.content.pm.ApplicationInfo;
import android.content.pm.PackageInfo;
import android.content.pm.Signature;
import android.content.pm.SigningInfo;
import android.os.Build;
import com.google.protobuf.ByteString;
import io.longwire.device.dispatcher.ShareList;
import io.longwire.device.dispatcher.ShareMember;
import io.longwire.device.dispatcher.SignedShareList;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.wake.ElapsedClock;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.InvalidShareListException;
import io.longwire.sdk.store.ListFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.robolectric.Shadows;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowPackageManager;

/** Apps of the phone, and the operator's list of those that share. */
public final class Members {
    static final byte[] GOOD = {1, 2, 3, 4};
    static final byte[] BAD = {6, 6, 6};
    private static final KeyPair OPERATOR = operator();
    private static final AtomicInteger LISTS = new AtomicInteger();

    private Members() {
    }

    /** Has the app of the test, and one more, signed by {@link #GOOD}. */
    public static void install(String other, int uid) {
        sign(Shadows.shadowOf(TestPhone.app().getPackageManager())
                .getInternalMutablePackageInfo(TestPhone.app().getPackageName()), GOOD);
        install(other, uid, GOOD);
    }

    /** Installs an app, signed by this certificate. */
    static void install(String name, int uid, byte[] certificate) {
        PackageInfo info = new PackageInfo();
        info.packageName = name;
        info.applicationInfo = new ApplicationInfo();
        info.applicationInfo.packageName = name;
        info.applicationInfo.uid = uid;
        sign(info, certificate);
        ShadowPackageManager packages = Shadows.shadowOf(TestPhone.app().getPackageManager());
        packages.installPackage(info);
        packages.setPackagesForUid(uid, name);
    }

    @SuppressWarnings("deprecation") // what Androids before 9 ask for
    static void sign(PackageInfo info, byte[] certificate) {
        Signature[] signers = {new Signature(certificate)};
        info.signatures = signers;
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            SigningInfo signing = Shadow.newInstanceOf(SigningInfo.class);
            Shadows.shadowOf(signing).setSignatures(signers);
            info.signingInfo = signing;
        }
    }

    /** The group "test", as an app has it: package, app, package, app; all signed by {@link #GOOD}. */
    static CurrentList list(Object... packagesAndApps) {
        return list(GOOD, packagesAndApps);
    }

    /** The same, but for the last package, which somebody else has signed. */
    static CurrentList list(byte[] last, Object... packagesAndApps) {
        return list(ElapsedClock.INSTANCE, last, packagesAndApps);
    }

    /** The same, on a phone with this clock. */
    static CurrentList list(SdkClock clock, byte[] last, Object... packagesAndApps) {
        try {
            File directory = new File(TestPhone.app().getFilesDir(), "list-" + LISTS.incrementAndGet());
            Files.createDirectories(directory.toPath());
            return CurrentList.open(new ListFile(directory), signed(1, Long.MAX_VALUE, last, packagesAndApps), key(),
                    "test", new ServerTime(clock));
        } catch (IOException | InvalidShareListException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** What a manifest says of the group "test": share_list and share_key. */
    public static String[] manifest(Object... packagesAndApps) {
        Base64.Encoder text = Base64.getEncoder();
        return new String[]{text.encodeToString(signed(1, Long.MAX_VALUE, GOOD, packagesAndApps)),
                text.encodeToString(key())};
    }

    /** What the operator has signed for the group "test". */
    static byte[] signed(long serial, long untilMillis, byte[] last, Object... packagesAndApps) {
        try {
            ShareList.Builder list = ShareList.newBuilder().setGroup("test").setSerial(serial).setUntilMs(untilMillis);
            for (int i = 0; i < packagesAndApps.length; i += 2) {
                byte[] signer = i == packagesAndApps.length - 2 ? last : GOOD;
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(signer);
                list.addMembers(ShareMember.newBuilder().setPackageName((String) packagesAndApps[i])
                        .setAppId((Integer) packagesAndApps[i + 1]).addCertificates(ByteString.copyFrom(digest)));
            }
            java.security.Signature signature = java.security.Signature.getInstance("SHA256withECDSA");
            signature.initSign(OPERATOR.getPrivate());
            signature.update(list.build().toByteArray());
            return SignedShareList.newBuilder().setList(list.build().toByteString())
                    .setSignature(ByteString.copyFrom(signature.sign())).build().toByteArray();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** The operator's public key. */
    static byte[] key() {
        return OPERATOR.getPublic().getEncoded();
    }

    private static KeyPair operator() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }
}

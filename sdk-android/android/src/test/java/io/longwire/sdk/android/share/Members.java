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
import io.longwire.sdk.share.AllowList;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import org.robolectric.Shadows;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowPackageManager;

/** Apps of the phone, and the operator's list of those that share. */
final class Members {
    static final byte[] GOOD = {1, 2, 3, 4};
    static final byte[] BAD = {6, 6, 6};

    private Members() {
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

    /** The group "test": package, app, package, app; all signed by {@link #GOOD}. */
    static AllowList list(Object... packagesAndApps) {
        return list(GOOD, packagesAndApps);
    }

    /** The same, but for the last package, which somebody else has signed. */
    static AllowList list(byte[] last, Object... packagesAndApps) {
        try {
            ShareList.Builder list = ShareList.newBuilder().setGroup("test").setSerial(1).setUntilMs(Long.MAX_VALUE);
            for (int i = 0; i < packagesAndApps.length; i += 2) {
                byte[] signer = i == packagesAndApps.length - 2 ? last : GOOD;
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(signer);
                list.addMembers(ShareMember.newBuilder().setPackageName((String) packagesAndApps[i])
                        .setAppId((Integer) packagesAndApps[i + 1]).addCertificates(ByteString.copyFrom(digest)));
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            java.security.Signature signature = java.security.Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(list.build().toByteArray());
            byte[] signed = SignedShareList.newBuilder().setList(list.build().toByteString())
                    .setSignature(ByteString.copyFrom(signature.sign())).build().toByteArray();
            return AllowList.read(signed, keys.getPublic().getEncoded(), "test", 1);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}

package io.longwire.sdk.android.share;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.content.pm.Signature;
import android.content.pm.SigningInfo;
import android.os.Build;
import io.longwire.sdk.android.system.OnlyFrom;
import io.longwire.sdk.share.CurrentList;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who is it that calls, or is called: a package of the group, signed by whom the operator's list says. Names prove
 * nothing on Android, and what a caller says of itself even less; the system's word for uid and certificate does. Any
 * thread; asks the system each time, since apps come and go.
 */
final class Callers {
    private final PackageManager packages;
    private final CurrentList list;

    /** One that was seen to belong to the group. Immutable. */
    static final class Known {
        final String packageName;
        final int appId;
        private final byte[] certificate;

        Known(String packageName, int appId, byte[] certificate) {
            this.packageName = packageName;
            this.appId = appId;
            this.certificate = certificate;
        }

        /** Whether the same hand has signed both. */
        boolean isSignedLike(@Nullable Known other) {
            return other != null && Arrays.equals(certificate, other.certificate);
        }
    }

    Callers(Context context, CurrentList list) {
        this.packages = context.getPackageManager();
        this.list = list;
    }

    /** Who runs under this uid; null = nobody of the group. */
    @Nullable
    Known ofUid(int uid) {
        String[] names = packages.getPackagesForUid(uid);
        if (names != null) {
            for (String name : names) {
                Known known = ofPackage(name);
                if (known != null) {
                    return known;
                }
            }
        }
        return null;
    }

    /** The package, if it is installed and belongs to the group; nobody does once the list's time is over. */
    @Nullable
    Known ofPackage(String name) {
        byte[] certificate = list.isValid() ? certificate(name) : null;
        int app = certificate == null ? 0 : list.appOf(name, certificate);
        return certificate == null || app == 0 ? null : new Known(name, app, certificate);
    }

    private byte @Nullable [] certificate(String name) {
        try {
            Signature[] signers = Build.VERSION.SDK_INT >= Build.VERSION_CODES.P ? signers(name) : signersBefore(name);
            // Several signers at once are a thing of the past that nobody of the group needs.
            return signers == null || signers.length != 1
                    ? null
                    : MessageDigest.getInstance("SHA-256").digest(signers[0].toByteArray());
        } catch (PackageManager.NameNotFoundException gone) {
            return null;
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("SHA-256: missing (expected: on every Android)", never);
        }
    }

    // The signer of now, also after the key was changed: the list names both for as long as it takes.
    @OnlyFrom(Build.VERSION_CODES.P)
    private Signature @Nullable [] signers(String name) throws PackageManager.NameNotFoundException {
        PackageInfo info = packages.getPackageInfo(name, PackageManager.GET_SIGNING_CERTIFICATES);
        SigningInfo signing = info.signingInfo;
        return signing == null ? null : signing.getApkContentsSigners();
    }

    @SuppressWarnings("deprecation") // there was nothing else before Android 9
    private Signature @Nullable [] signersBefore(String name) throws PackageManager.NameNotFoundException {
        return packages.getPackageInfo(name, PackageManager.GET_SIGNATURES).signatures;
    }
}

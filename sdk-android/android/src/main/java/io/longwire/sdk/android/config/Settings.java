package io.longwire.sdk.android.config;

import android.content.Context;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.os.Bundle;
import android.util.Base64;
import io.longwire.device.id.AppKey;
import io.longwire.device.id.InvalidIdException;
import io.longwire.sdk.LongwireException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the app's manifest says in its {@code meta-data}; docs/android.md has the list. Immutable.
 *
 * <pre>
 * io.longwire.app_key        ak_7_...; needed
 * io.longwire.dispatcher     https://a.example,https://b.example; needed
 * io.longwire.pins           SHA-256 of server keys, hex, comma between them; none = the system's authorities
 * io.longwire.foreground     true = a service in the foreground keeps the connection
 * io.longwire.notice_title   what the service's notice says; none = the name of the app
 * io.longwire.notice_icon    its icon, a resource; none = the icon of the app
 * io.longwire.plain          true = rooms without TLS are taken: for tests alone
 * io.longwire.bootstrap      rooms for the day no dispatcher answers: a list that the operator signed, base64
 * io.longwire.bootstrap_key  the operator's public key for it: P-256, X.509, base64
 * io.longwire.share_group    the name of the group of apps that share a connection; none = a connection of its own
 * io.longwire.share_list     who is in the group: the list that the platform's operator signed, base64
 * io.longwire.share_key      the operator's public key: P-256, X.509, base64
 * </pre>
 */
public final class Settings {
    private static final String PREFIX = "io.longwire.";
    private static final int PIN_HEX = 64;

    private final String appKey;
    private final List<String> dispatchers;
    private final List<byte[]> pins;
    private final boolean foreground;
    private final boolean plain;
    private final String noticeTitle;
    private final int noticeIcon;
    private final String shareGroup;
    private final byte[] shareList;
    private final byte[] shareKey;
    private final byte[] bootstrap;
    private final byte[] bootstrapKey;

    private Settings(Bundle from, CharSequence appName, int appIcon) {
        appKey = appKey(needed(from, "app_key"));
        dispatchers = list(needed(from, "dispatcher"));
        pins = pins(text(from, "pins"));
        foreground = from.getBoolean(PREFIX + "foreground", false);
        plain = from.getBoolean(PREFIX + "plain", false);
        String title = text(from, "notice_title");
        noticeTitle = title.isEmpty() ? appName.toString() : title;
        noticeIcon = from.getInt(PREFIX + "notice_icon", appIcon);
        shareGroup = text(from, "share_group");
        shareList = bytes(from, "share_list", !shareGroup.isEmpty());
        shareKey = bytes(from, "share_key", !shareGroup.isEmpty());
        bootstrap = bytes(from, "bootstrap", !text(from, "bootstrap").isEmpty());
        bootstrapKey = bytes(from, "bootstrap_key", bootstrap.length > 0);
        if (dispatchers.isEmpty()) {
            throw new LongwireException(PREFIX + "dispatcher: empty (expected: at least one address)");
        }
    }

    /**
     * Reads the manifest of this app.
     *
     * @throws LongwireException something is missing, or is not what it must be
     */
    public static Settings read(Context context) {
        PackageManager packages = context.getPackageManager();
        ApplicationInfo info = own(context, packages);
        Bundle data = info.metaData == null ? Bundle.EMPTY : info.metaData;
        int icon = info.icon == 0 ? android.R.drawable.stat_notify_sync : info.icon;
        return new Settings(data, String.valueOf(packages.getApplicationLabel(info)), icon);
    }

    @SuppressWarnings("deprecation") // the call that takes its place came with Android 13
    private static ApplicationInfo own(Context context, PackageManager packages) {
        try {
            return packages.getApplicationInfo(context.getPackageName(), PackageManager.GET_META_DATA);
        } catch (PackageManager.NameNotFoundException gone) {
            throw new LongwireException("package: " + context.getPackageName() + " (expected: installed)", gone);
        }
    }

    public String appKey() {
        return appKey;
    }

    /** At least one. */
    public List<String> dispatchers() {
        return dispatchers;
    }

    /** SHA-256 each; empty = the authorities of the system are trusted. */
    public List<byte[]> pins() {
        return pins;
    }

    /** Whether a service in the foreground is wanted. */
    public boolean foreground() {
        return foreground;
    }

    /** Whether rooms without TLS are taken. */
    public boolean plain() {
        return plain;
    }

    public String noticeTitle() {
        return noticeTitle;
    }

    public int noticeIcon() {
        return noticeIcon;
    }

    /** Empty = the app has a connection of its own. */
    public String shareGroup() {
        return shareGroup;
    }

    /** As it was signed; not checked yet. */
    public byte[] shareList() {
        return shareList.clone();
    }

    public byte[] shareKey() {
        return shareKey.clone();
    }

    /** As it was signed; not checked yet. Empty = none. */
    public byte[] bootstrap() {
        return bootstrap.clone();
    }

    public byte[] bootstrapKey() {
        return bootstrapKey.clone();
    }

    private static byte[] bytes(Bundle from, String name, boolean wanted) {
        String value = wanted ? needed(from, name) : "";
        try {
            return Base64.decode(value, Base64.DEFAULT);
        } catch (IllegalArgumentException bad) {
            throw new LongwireException(PREFIX + name + ": " + bad.getMessage() + " (expected: base64)", bad);
        }
    }

    private static String needed(Bundle from, String name) {
        String value = text(from, name);
        if (value.isEmpty()) {
            throw new LongwireException(PREFIX + name + ": none (expected: meta-data of that name in the manifest)");
        }
        return value;
    }

    private static String text(Bundle from, String name) {
        Object value = value(from, name);
        return value == null ? "" : value.toString().trim();
    }

    @SuppressWarnings("deprecation") // a number in the manifest is no String to getString
    private static @Nullable Object value(Bundle from, String name) {
        return from.get(PREFIX + name);
    }

    private static String appKey(String key) {
        try {
            AppKey.parse(key);
            return key;
        } catch (InvalidIdException bad) {
            throw new LongwireException(PREFIX + "app_key: " + bad.getMessage(), bad);
        }
    }

    private static List<String> list(String text) {
        List<String> found = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            if (!one.trim().isEmpty()) {
                found.add(one.trim());
            }
        }
        return Collections.unmodifiableList(found);
    }

    private static List<byte[]> pins(String text) {
        List<byte[]> found = new ArrayList<>();
        for (String hex : list(text)) {
            if (hex.length() != PIN_HEX) {
                throw new LongwireException(PREFIX + "pins: " + hex + " (expected: " + PIN_HEX + " hex digits)");
            }
            byte[] pin = new byte[PIN_HEX / 2];
            for (int i = 0; i < pin.length; i++) {
                pin[i] = (byte) (digit(hex, 2 * i) << 4 | digit(hex, 2 * i + 1));
            }
            found.add(pin);
        }
        return Collections.unmodifiableList(found);
    }

    private static int digit(String hex, int at) {
        int digit = Character.digit(hex.charAt(at), 16);
        if (digit < 0) {
            throw new LongwireException(PREFIX + "pins: " + hex + " (expected: " + PIN_HEX + " hex digits)");
        }
        return digit;
    }
}

package io.longwire.sdk.android;

import java.io.File;
import java.util.TreeMap;
import org.robolectric.internal.dependency.DependencyResolver;
import org.robolectric.pluginapi.Sdk;
import org.robolectric.plugins.DefaultSdkProvider;

/**
 * The Androids that Maven has brought, and no others: Robolectric takes the newest it knows of for its own ends, and
 * would fetch it by itself.
 */
public final class AndroidsOfTheBuild extends DefaultSdkProvider {
    public AndroidsOfTheBuild(DependencyResolver resolver) {
        super(resolver);
    }

    @Override
    @SuppressWarnings("NonApiType") // Robolectric asks for it so
    protected void populateSdks(TreeMap<Integer, Sdk> known) {
        super.populateSdks(known);
        String directory = System.getProperty("robolectric.dependency.dir", "");
        String[] jars = new File(directory).list();
        if (jars == null) {
            throw new IllegalStateException("androids: " + directory + " (expected: a folder that the build filled)");
        }
        known.values().removeIf(sdk -> !isThere(jars, sdk.getAndroidVersion()));
    }

    private static boolean isThere(String[] jars, String version) {
        for (String jar : jars) {
            if (jar.startsWith("android-all-instrumented-" + version + "-")) {
                return true;
            }
        }
        return false;
    }
}

package io.longwire.keeper.service;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of the software, as the build wrote it into the runtime's jar. */
final class Version {
    /** "0.1.0-SNAPSHOT"; "development" when it runs from folders of classes. */
    static final String TEXT = read();

    private Version() {
    }

    private static String read() {
        try (InputStream file = Version.class
                .getResourceAsStream("/META-INF/maven/io.longwire/longwire-keeper-client/pom.properties")) {
            var properties = new Properties();
            if (file != null) {
                properties.load(file);
            }
            return properties.getProperty("version", "development");
        } catch (IOException broken) {
            return "development";
        }
    }
}

package io.longwire.sdk.android;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/** What apps get: the manifest names what is there, and the public face stays small. */
class AarTest {
    private static final File MODULE = new File(System.getProperty("longwire.root"), "sdk-android/android");

    @Test
    void everyComponentOfTheManifestIsThere() throws Exception {
        for (String kind : List.of("service", "receiver")) {
            for (Element one : elements(kind)) {
                Class<?> type = Class.forName(one.getAttribute("android:name"), false, getClass().getClassLoader());
                assertThat(type.getSuperclass()).isNotNull();
                assertThat(type.getConstructor()).isNotNull();
            }
        }
        assertThat(elements("service")).hasSize(3);
        assertThat(elements("receiver")).hasSize(2);
    }

    @Test
    void onlyTheServiceForOtherAppsIsOpenToThem() throws Exception {
        List<String> open = new ArrayList<>();
        for (String kind : List.of("service", "receiver")) {
            for (Element one : elements(kind)) {
                if (!"false".equals(one.getAttribute("android:exported"))) {
                    open.add(one.getAttribute("android:name"));
                }
            }
        }
        assertThat(open).containsExactly("io.longwire.sdk.android.share.HostService");
    }

    @Test
    void goesWithEveryAndroidFrom21AndKnowsTheNewest() throws Exception {
        assertThat(elements("uses-sdk").get(0).getAttribute("android:minSdkVersion")).isEqualTo("21");
        assertThat(elements("uses-sdk").get(0).getAttribute("android:targetSdkVersion")).isEqualTo("36");
    }

    @Test
    void asksForNothingThatTheUserMustGrantAndNoStoreMustBeTold() throws Exception {
        TreeSet<String> asked = new TreeSet<>();
        for (Element one : elements("uses-permission")) {
            asked.add(one.getAttribute("android:name").replace("android.permission.", ""));
        }
        assertThat(asked).containsExactly("ACCESS_NETWORK_STATE", "INTERNET", "RECEIVE_BOOT_COMPLETED", "WAKE_LOCK");
    }

    @Test
    void seesOtherAppsByTheirActionAlone() throws Exception {
        assertThat(elements("queries")).hasSize(1);
        assertThat(elements("queries").get(0).getElementsByTagName("action").getLength()).isEqualTo(1);
        assertThat(elements("queries").get(0).getElementsByTagName("package").getLength()).isZero();
    }

    @Test
    void theServiceInTheForegroundIsOfSpecialUseAndSaysWhichOne() throws Exception {
        List<String> types = new ArrayList<>();
        for (Element one : elements("service")) {
            if (one.hasAttribute("android:foregroundServiceType")) {
                types.add(one.getAttribute("android:foregroundServiceType"));
                Element property = (Element) one.getElementsByTagName("property").item(0);
                assertThat(property.getAttribute("android:name"))
                        .isEqualTo("android.app.PROPERTY_SPECIAL_USE_FGS_SUBTYPE");
                assertThat(property.getAttribute("android:value")).isNotBlank();
            }
        }
        assertThat(types).containsExactly("specialUse");
    }

    private static List<Element> elements(String name) throws Exception {
        Document manifest = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new File(MODULE, "src/main/aar/AndroidManifest.xml"));
        NodeList found = manifest.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }
}

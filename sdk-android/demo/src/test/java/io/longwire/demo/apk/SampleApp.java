package io.longwire.demo.apk;

import io.longwire.device.id.AppKey;
import io.longwire.device.id.InvalidIdException;

/** One of the two. */
record SampleApp(String name, String appKey) {
    SampleApp {
        try {
            AppKey.parse(appKey);
        } catch (InvalidIdException bad) {
            throw new BuildFailure("longwire.demo.key." + name + ": " + bad.getMessage(), bad);
        }
    }

    int appId() {
        return AppKey.parse(appKey).appId();
    }

    String packageName() {
        return "io.longwire.demo." + name;
    }

    String label() {
        return "Longwire " + name;
    }

    String file() {
        return "longwire-demo-" + name + ".apk";
    }
}

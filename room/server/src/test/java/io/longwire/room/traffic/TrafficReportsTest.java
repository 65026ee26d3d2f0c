package io.longwire.room.traffic;

import io.longwire.device.FrameType;
import io.longwire.device.v1.AppTraffic;
import io.longwire.device.v1.Telemetry;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TrafficReportsTest {
    private static final int GUESTS_APP = 13;
    private final RoomRig rig = new RoomRig();

    @Test
    void sumsWhatAPhoneSaysOfItsAppsByApp() {
        Phone phone = rig.phone().connect(rig.binding(5, RoomRig.APP, rig.now()).build(),
                rig.guest(6, GUESTS_APP, 5, rig.now()).build());

        report(phone, of(5, 3, 300, 1, 40), of(6, 1, 90, 0, 0));
        report(phone, of(5, 1, 50, 0, 0));

        assertThat(rig.metrics.count(RoomMetric.APP_FRAMES_DOWN, "12")).isEqualTo(4);
        assertThat(rig.metrics.count(RoomMetric.APP_BYTES_DOWN, "12")).isEqualTo(350);
        assertThat(rig.metrics.count(RoomMetric.APP_FRAMES_UP, "12")).isEqualTo(1);
        assertThat(rig.metrics.count(RoomMetric.APP_BYTES_UP, "12")).isEqualTo(40);
        assertThat(rig.metrics.count(RoomMetric.APP_BYTES_DOWN, "13")).isEqualTo(90);
    }

    @Test
    void hearsNothingOfEndpointsThatAreNotOnTheConnection() {
        rig.loggedIn(7);
        Phone phone = rig.loggedIn(5);

        report(phone, of(7, 3, 300, 0, 0), of(0, 3, 300, 0, 0), of(99, 3, 300, 0, 0));

        assertThat(rig.metrics.count(RoomMetric.APP_BYTES_DOWN, "12")).isZero();
        assertThat(rig.metrics.count(RoomMetric.APP_BYTES_DOWN, "other")).isZero();
        assertThat(phone.closedByRoom).isFalse();
    }

    @Test
    void believesNoNumberBeyondReason() {
        Phone phone = rig.loggedIn(5);

        report(phone, of(5, -1, Long.MAX_VALUE, 1, 1));

        assertThat(rig.metrics.count(RoomMetric.APP_FRAMES_DOWN, "12")).isEqualTo(TrafficReports.BYTES_MAX);
        assertThat(rig.metrics.count(RoomMetric.APP_BYTES_DOWN, "12")).isEqualTo(TrafficReports.BYTES_MAX);
    }

    @Test
    void givesSoManyAppsALineOfTheirOwn() {
        for (int app = 1_000; app <= 1_000 + TrafficReports.APPS_MAX; app++) {
            Phone phone = rig.phone().connect(rig.binding(app, app, rig.now()).build());
            report(phone, of(app, 1, 10, 0, 0));
        }
        assertThat(rig.metrics.count(RoomMetric.APP_BYTES_DOWN, "1199")).isEqualTo(10);
        assertThat(rig.metrics.count(RoomMetric.APP_BYTES_DOWN, "1200")).isZero();
        assertThat(rig.metrics.count(RoomMetric.APP_BYTES_DOWN, "other")).isEqualTo(10);
    }

    private static void report(Phone phone, AppTraffic... apps) {
        var report = Telemetry.newBuilder();
        for (AppTraffic one : apps) {
            report.addApps(one);
        }
        phone.frame(FrameType.TELEMETRY, report.build());
    }

    private static AppTraffic of(long endpoint, long framesIn, long bytesIn, long framesOut, long bytesOut) {
        return AppTraffic.newBuilder().setEndpointId(endpoint).setFramesIn(framesIn).setBytesIn(bytesIn)
                .setFramesOut(framesOut).setBytesOut(bytesOut).build();
    }
}

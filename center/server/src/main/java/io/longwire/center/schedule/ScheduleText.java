package io.longwire.center.schedule;

import io.longwire.center.refuse.Refused;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.id.MessageId;
import io.longwire.rpc.center.ScheduleInfo;
import io.longwire.rpc.saver.Schedule;
import java.time.Instant;
import java.util.Locale;

/** Schedules as the API shows them. Pure, any thread. */
final class ScheduleText {
    private ScheduleText() {
    }

    /** The id as text: 13 characters, of the same kind as a message id. */
    static String text(long scheduleId) {
        return MessageId.text(scheduleId);
    }

    static long id(String field, String text) {
        try {
            return MessageId.parse(text);
        } catch (InvalidIdException wrong) {
            throw Refused.invalid(field, text.isEmpty() ? "missing" : text,
                    "13 characters of Crockford base 32");
        }
    }

    static ScheduleInfo info(Schedule schedule) {
        var info = ScheduleInfo.newBuilder().setScheduleId(text(schedule.getScheduleId()))
                .setState(schedule.getState().name().toLowerCase(Locale.ROOT)).setCron(schedule.getCron())
                .setZone(schedule.getZone()).setLabel(schedule.getLabel()).setFired(schedule.getFired())
                .setLastFireMs(schedule.getLastFireMs()).setLastProblem(schedule.getLastProblem())
                .setCreatedMs(schedule.getCreatedMs()).setUntilMs(schedule.getUntilMs());
        switch (Scheduled.of(schedule)) {
            case Scheduled.ToTargets(var request) -> info.setMessage(request);
            case Scheduled.ToAudience(var request) -> info.setBroadcast(request);
        }
        if (schedule.getNextFireMs() != 0) {
            info.setNextFireMs(schedule.getNextFireMs())
                    .setNextFire(Instant.ofEpochMilli(schedule.getNextFireMs()).toString());
        }
        if (schedule.getLastMessageId() != 0) {
            info.setLastMessageId(MessageId.text(schedule.getLastMessageId()));
        }
        return info.build();
    }
}

package io.longwire.center.schedule;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.ScheduledBroadcast;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.Schedule;

/** What a schedule sends, without what belongs to one time only. Immutable. */
sealed interface Scheduled {
    /** An ordinary message. */
    record ToTargets(SendRequest request) implements Scheduled {
        public ToTargets {
            request = request.toBuilder().clearNotBefore().clearDryRun().clearIdempotencyKey().build();
        }

        @Override
        public ByteString kept() {
            return request.toByteString();
        }

        @Override
        public String ttl() {
            return request.getTtl();
        }
    }

    /** A broadcast. */
    record ToAudience(CreateBroadcastRequest request) implements Scheduled {
        public ToAudience {
            request = request.toBuilder().clearNotBefore().clearDryRun().clearIdempotencyKey().build();
        }

        @Override
        public ByteString kept() {
            return ScheduledBroadcast.newBuilder().setBroadcast(request).build().toByteString();
        }

        @Override
        public String ttl() {
            return request.getTtl();
        }
    }

    /** As the savers keep it. */
    ByteString kept();

    /** As it was given; empty = the usual one. */
    String ttl();

    static Scheduled of(Schedule schedule) {
        try {
            ScheduledBroadcast broadcast = ScheduledBroadcast.parseFrom(schedule.getRequest());
            return broadcast.hasBroadcast()
                    ? new ToAudience(broadcast.getBroadcast())
                    : new ToTargets(SendRequest.parseFrom(schedule.getRequest()));
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalStateException(
                    "schedule " + ScheduleText.text(schedule.getScheduleId()) + ": not readable", broken);
        }
    }
}

package io.longwire.center.broadcast;

import io.longwire.center.list.ListWalks;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.AckStatus;
import io.longwire.rpc.center.BroadcastCanary;
import io.longwire.rpc.center.BroadcastCounts;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastPace;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.Pace;
import java.util.Locale;

/** Broadcasts as the API shows them. Pure, any thread. */
final class BroadcastText {
    private BroadcastText() {
    }

    /** Without counts. */
    static BroadcastInfo.Builder info(Broadcast broadcast) {
        var info = BroadcastInfo.newBuilder().setBroadcastId(MessageId.text(broadcast.getBroadcastId()))
                .setState(broadcast.getState().name().toLowerCase(Locale.ROOT))
                .setStage(broadcast.getStage() == 0 ? "canary" : "all").setReason(broadcast.getReason())
                .setSeq(broadcast.getSeq()).setLabel(broadcast.getLabel())
                .setPace(pace(broadcast.getPace())).setCreatedMs(broadcast.getCreatedMs())
                .setExpiresMs(broadcast.getExpireAtMs());
        if (broadcast.getListId() != 0) {
            info.setList(MessageId.text(broadcast.getListId()));
        } else {
            info.setAudience(broadcast.getAudience());
        }
        if (broadcast.hasCanary()) {
            info.setCanary(canary(broadcast.getCanary()));
        }
        if (broadcast.getReplaces() != 0) {
            info.setRevokes(MessageId.text(broadcast.getReplaces()));
        }
        return info;
    }

    static BroadcastInfo.Builder info(BroadcastProgress progress) {
        var counts = BroadcastCounts.newBuilder()
                .setTargeted(Math.max(progress.getVisited() - progress.getNotInAudience(), progress.getWritten()))
                .setWritten(progress.getWritten()).setAcked(progress.getAcked()).setShown(progress.getShown())
                .setClicked(progress.getClicked()).setSeen(progress.getSeen())
                .setNotInAudience(progress.getNotInAudience()).setLeftToCursor(progress.getBehind())
                .setDroppedAfter(progress.getDroppedAfter());
        progress.getFailedMap().forEach((status, count) -> counts.putFailed(failure(status), count));
        return info(progress.getBroadcast()).setCounts(counts).setRooms(progress.getRooms())
                .setRoomsFinished(progress.getRoomsFinished()).setPercent(percent(progress));
    }

    /** Of the sessions to be visited. */
    static double percent(BroadcastProgress progress) {
        if (progress.getBroadcast().getState() == Broadcast.State.WALKED) {
            return 100;
        }
        return progress.getTotal() == 0
                ? 0
                : Math.min(100, Math.floor(1000.0 * progress.getVisited() / progress.getTotal()) / 10);
    }

    private static BroadcastPace pace(Pace pace) {
        return BroadcastPace.newBuilder().setRatePerSecond(pace.getRatePerSecond())
                .setDuration(pace.getDurationS() == 0 ? "" : pace.getDurationS() + "s").build();
    }

    private static BroadcastCanary canary(Canary canary) {
        return BroadcastCanary.newBuilder().setPercent(canary.getPercent())
                .setHold(canary.getWait() ? "" : canary.getHoldS() + "s").setWait(canary.getWait())
                .setMaxFailedPercent(canary.getMaxFailedPercent())
                .setMaxDroppedPercent(canary.getMaxDroppedPercent())
                .setMaxCallbackErrorPercent(canary.getMaxCallbackErrorPercent()).build();
    }

    private static String failure(int status) {
        String ofList = ListWalks.failure(status);
        if (!ofList.isEmpty()) {
            return ofList;
        }
        AckStatus known = AckStatus.forNumber(status);
        return known == null
                ? "status_" + status
                : known.name().substring("ACK_".length()).toLowerCase(Locale.ROOT);
    }
}

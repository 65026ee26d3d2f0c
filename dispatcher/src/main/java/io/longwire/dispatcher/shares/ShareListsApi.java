package io.longwire.dispatcher.shares;

import com.google.protobuf.ByteString;
import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.dispatcher.DispatcherMetric;
import io.longwire.dispatcher.endpoints.RegistrationLimits;
import io.longwire.dispatcher.http.BadRequest;
import io.longwire.dispatcher.http.HttpApi;
import io.longwire.dispatcher.http.Reply;
import io.longwire.dispatcher.http.Request;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.service.Service;
import java.util.concurrent.CompletableFuture;

/**
 * GET /v1/share-lists/{group}: the group's list, from memory, as it was signed. Parameter: {@code above} (0), the
 * serial of the list that the phone has: an older one, or the same, is not sent, the answer is empty then. One address
 * may ask as often as it may register. Thread-safe.
 */
public final class ShareListsApi implements HttpApi {
    /** What the paths begin with; the group's name follows. */
    public static final String PATH = "/v1/share-lists/";

    private final Live<ShareLists> lists;
    private final RegistrationLimits limits;
    private final Service service;

    /** @param limits of these questions alone */
    public ShareListsApi(Live<ShareLists> lists, RegistrationLimits limits, Service service) {
        this.lists = lists;
        this.limits = limits;
        this.service = service;
    }

    @Override
    public CompletableFuture<Reply> answer(Request request) {
        String group = request.path().substring(PATH.length());
        long above = above(request.parameter("above", "0"));
        long wait = limits.waitMillis(request.caller());
        if (wait > 0) {
            return refused(request, 429, "rate", "share lists: too many questions from this address (expected: as many"
                    + " as registrations)", wait);
        }
        ShareLists.Published list = lists.get().of(group);
        if (list == null) {
            return refused(request, 404, "no_share_list", "group: " + ShareLists.shown(group)
                    + " (expected: one that shareLists has)", 0);
        }
        service.metrics().counter(DispatcherMetric.SHARE_LISTS).increment();
        return CompletableFuture.completedFuture(Reply.ok(request, PublishedShareList.newBuilder()
                .setSigned(list.serial() > above ? list.signed() : ByteString.EMPTY)
                .setServerTimeMs(service.clock().wallMillis()).build()));
    }

    private static long above(String text) {
        try {
            long above = Long.parseLong(text);
            if (above >= 0) {
                return above;
            }
        } catch (NumberFormatException bad) {
            throw new BadRequest("above", text, "a whole number from 0");
        }
        throw new BadRequest("above", text, "a whole number from 0");
    }

    private static CompletableFuture<Reply> refused(Request request, int status, String code, String detail,
            long retryMs) {
        return CompletableFuture.completedFuture(Reply.refused(request, status, code, detail, retryMs));
    }
}

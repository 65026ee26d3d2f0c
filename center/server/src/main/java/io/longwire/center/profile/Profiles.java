package io.longwire.center.profile;

import io.longwire.center.access.EndpointNames;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.rpc.center.AliasInfo;
import io.longwire.rpc.center.EndpointProfile;
import io.longwire.rpc.center.GetAliasRequest;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.UpdateProfileRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Aliases, tags and attributes of an endpoint. Changes are sets and removes, so they may be repeated. Thread-safe. */
public final class Profiles {
    private static final int MAX_TAGS = 100;
    private static final int MAX_TAG = 64;
    private static final int MAX_ATTRIBUTES = 100;
    private static final int MAX_ATTRIBUTE_NAME = 64;
    private static final int MAX_ATTRIBUTE_VALUE = 256;
    private static final int MAX_ALIASES = 8;

    private final EndpointNames names;
    private final ProfileStore store;
    private final Aliases aliases;

    public Profiles(EndpointNames names, ProfileStore store, Aliases aliases) {
        this.names = names;
        this.store = store;
        this.aliases = aliases;
    }

    public CompletableFuture<EndpointProfile> get(int appId, GetEndpointRequest request) {
        long endpointId = names.id("endpoint", request.getEndpoint(), appId);
        return store.profile(io.longwire.rpc.saver.GetEndpointRequest.newBuilder().setAppId(appId)
                .setEndpointId(endpointId).build()).thenApply(profile -> answer(request.getEndpoint(), profile));
    }

    /**
     * All of it or nothing: LIMIT_REACHED when the endpoint, or an alias, would have too many, ALIAS_REFUSED when it
     * may not have one. An alias may be taken from other endpoints, as the app's setting {@code devices} has it.
     */
    public CompletableFuture<EndpointProfile> update(int appId, UpdateProfileRequest request) {
        long endpointId = names.id("endpoint", request.getEndpoint(), appId);
        check(request);
        var update = ProfileUpdate.newBuilder().setAppId(appId).setEndpointId(endpointId)
                .addAllAddTags(request.getAddTagsList()).addAllRemoveTags(request.getRemoveTagsList())
                .putAllSetAttributes(request.getSetAttributesMap())
                .addAllRemoveAttributes(request.getRemoveAttributesList())
                .addAllBindAliases(request.getBindAliasesList()).addAllUnbindAliases(request.getUnbindAliasesList())
                .build();
        return store.updateProfile(update).whenComplete((profile, failure) -> {
            request.getBindAliasesList().forEach(alias -> aliases.changed(appId, alias));
            request.getUnbindAliasesList().forEach(alias -> aliases.changed(appId, alias));
        }).thenApply(profile -> answer(request.getEndpoint(), profile));
    }

    /** The endpoints of an alias, as they were at most five seconds ago; none for one that nobody has. */
    public CompletableFuture<AliasInfo> alias(int appId, GetAliasRequest request) {
        return aliases.endpoints(appId, request.getAlias()).thenApply(found -> {
            var answer = AliasInfo.newBuilder().setAlias(request.getAlias());
            found.forEach(endpoint -> answer.addEndpoints(names.text(appId, endpoint)));
            return answer.build();
        });
    }

    private static void check(UpdateProfileRequest request) {
        names("add_tags", request.getAddTagsList(), MAX_TAGS, MAX_TAG);
        names("remove_tags", request.getRemoveTagsList(), MAX_TAGS, MAX_TAG);
        attributes(request.getSetAttributesMap());
        names("remove_attributes", request.getRemoveAttributesList(), MAX_ATTRIBUTES, MAX_ATTRIBUTE_NAME);
        names("bind_aliases", request.getBindAliasesList(), MAX_ALIASES, Aliases.MAX_CHARS);
        names("unbind_aliases", request.getUnbindAliasesList(), MAX_ALIASES, Aliases.MAX_CHARS);
        if (request.equals(UpdateProfileRequest.newBuilder().setEndpoint(request.getEndpoint()).build())) {
            throw Refused.invalid("body", "no change", "add_tags, set_attributes, bind_aliases, ...");
        }
    }

    private static void attributes(Map<String, String> attributes) {
        count("set_attributes", attributes.size(), MAX_ATTRIBUTES);
        attributes.forEach((name, value) -> {
            name("set_attributes", name, MAX_ATTRIBUTE_NAME);
            if (value.length() > MAX_ATTRIBUTE_VALUE || value.chars().anyMatch(Character::isISOControl)) {
                throw Refused.invalid("set_attributes." + Refused.shown(name), value,
                        "at most " + MAX_ATTRIBUTE_VALUE + " characters, no control characters");
            }
        });
    }

    private static void names(String field, List<String> values, int most, int longest) {
        count(field, values.size(), most);
        values.forEach(value -> name(field, value, longest));
    }

    private static void count(String field, int count, int most) {
        if (count > most) {
            throw Refused.invalid(field, count + " entries", "at most " + most);
        }
    }

    private static void name(String field, String value, int longest) {
        if (value.isEmpty() || value.length() > longest || value.chars().anyMatch(Character::isISOControl)) {
            throw Refused.invalid(field, value.isEmpty() ? "an empty one" : value,
                    "1 to " + longest + " characters, no control characters");
        }
    }

    private static EndpointProfile answer(String endpoint, Profile profile) {
        return switch (profile.getCode()) {
            case OK -> EndpointProfile.newBuilder().setEndpoint(endpoint).addAllTags(profile.getTagsList())
                    .putAllAttributes(profile.getAttributesMap()).addAllAliases(profile.getAliasesList())
                    .setChangedMs(profile.getChangedMs()).build();
            case NO_ENDPOINT -> throw EndpointNames.unknown("endpoint", endpoint);
            case LIMIT -> throw Refused.because(Why.LIMIT_REACHED, profile.getReason());
            case ALIAS_REFUSED -> throw Refused.because(Why.ALIAS_REFUSED, profile.getReason());
            case UNRECOGNIZED -> throw Refused.because(Why.INTERNAL, "saver: an answer of a later version");
        };
    }
}

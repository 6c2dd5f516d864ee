package dev.flotilla.registry.link;

import dev.flotilla.config.Secret;
import dev.flotilla.identity.InstanceId;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Where an instance is, and the credentials that it asks for.
///
/// @param deviceKey by which an instance on another host knows the fleet; null where there is none
public record Endpoint(InstanceId instance, URI url, Secret token, @Nullable Secret deviceKey) {}

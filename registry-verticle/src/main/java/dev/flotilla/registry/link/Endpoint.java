package dev.flotilla.registry.link;

import dev.flotilla.config.Secret;
import dev.flotilla.identity.InstanceId;
import java.net.URI;

/// Where an instance is, and the credential that it asks for.
public record Endpoint(InstanceId instance, URI url, Secret token) {}

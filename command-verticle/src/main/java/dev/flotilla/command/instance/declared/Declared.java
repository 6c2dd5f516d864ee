package dev.flotilla.command.instance.declared;

import dev.flotilla.config.Secret;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An instance as the file wants it.
record Declared(
    InstanceId id,
    TenantId tenant,
    URI url,
    Secret token,
    boolean shared,
    @Nullable String region,
    @Nullable String zone,
    List<String> capabilities,
    int maxConcurrency,
    List<String> labels,
    int weight) {}

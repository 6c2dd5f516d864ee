package dev.flotilla.config;

import dev.flotilla.identity.Ids;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gateway of a node's own host, which the fleet starts where it is missing.
///
/// @param tenant null where operators register the instance themselves
public record LocalGateway(
    @Key(
            doc =
                "Whether this node starts the OpenClaw gateway of its host when none runs. See"
                    + " docs/howto/gateways.md.",
            value = "false")
        boolean autostart,
    @Key(doc = "The instance that the gateway is; one id for each host.", value = "local")
        String instance,
    @Key(doc = "The port on which the gateway listens.", value = "18789") int port,
    @Key(
            doc =
                "The program that is the gateway, and its arguments; {port} stands for the port."
                    + " Without it the first of openclaws, openclaw and openclawd that the PATH"
                    + " has is run, with `gateway run --port {port}`.",
            value = "[]")
        List<String> command,
    @Key(doc = "Registers the instance for this tenant, if there is none of that id yet.")
        @Nullable String tenant,
    @Key(doc = "The token of the gateway, for the instance that is registered so.")
        @Nullable Secret token,
    @Key(doc = "How often it is looked whether the gateway listens.", value = "2s")
        Duration probeInterval,
    @Key(
            doc =
                "A gateway that nobody has stopped before our eyes is missing when it does not"
                    + " listen for so long.",
            value = "15s")
        Duration probeWindow,
    @Key(doc = "A start has failed when the gateway does not listen after so long.", value = "90s")
        Duration startWindow,
    @Key(
            doc = "Wait before the next start after a failed one; doubles up to retryMax.",
            value = "1s")
        Duration retryMin,
    @Key(doc = "The longest wait between starts.", value = "1m") Duration retryMax,
    @Key(
            doc = "A gateway that ends before it has run for so long has failed to start.",
            value = "1m")
        Duration steadyAfter,
    @Key(doc = "So many failed starts in a row are a crash loop.", value = "3") int crashAfter,
    @Key(doc = "How long a gateway that is stopped may take before it is killed.", value = "10s")
        Duration stopWindow,
    @Key(
            doc = "Whether a gateway that this node has started goes on when the node stops.",
            value = "false")
        boolean leaveRunning,
    @Key(
            doc =
                "Where the gateway's output goes; a file in the temporary directory, if absent. The"
                    + " one of the run before is kept beside it.")
        @Nullable String logFile,
    @Key(
            doc =
                "ws:// or wss:// URL by which the other nodes reach the gateway, for the instance"
                    + " that is registered so. Absent is loopback, which is right where all nodes"
                    + " are on this host.")
        @Nullable String url) {
  public LocalGateway {
    command = List.copyOf(command);
    Check.that(Ids.isValid(instance), "registry.local.instance", "must be an id");
    Check.that(
        tenant == null || (Ids.isValid(tenant) && token != null),
        "registry.local.tenant",
        "must be a tenant's id, and registry.local.token must be set with it");
    Check.that(port > 0 && port < 65_536, "registry.local.port", "must be 1 to 65535");
    Check.that(
        url == null || url.startsWith("ws://") || url.startsWith("wss://"),
        "registry.local.url",
        "must begin with ws:// or wss://");
    Check.that(
        probeInterval.toMillis() >= 10, "registry.local.probeInterval", "must be at least 10ms");
    Check.that(
        retryMin.toMillis() >= 1 && retryMin.compareTo(retryMax) <= 0,
        "registry.local.retryMin",
        "must be at least 1ms and at most registry.local.retryMax");
    Check.that(crashAfter >= 2, "registry.local.crashAfter", "must be at least 2");
  }
}

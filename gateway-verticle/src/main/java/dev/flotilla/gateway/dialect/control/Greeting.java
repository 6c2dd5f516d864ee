package dev.flotilla.gateway.dialect.control;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.session.Calls;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.Scope;
import dev.flotilla.telemetry.Version;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What connect asks for and hello answers.
final class Greeting {
  private Greeting() {}

  /// Null where the client can speak a version that the server speaks.
  static @Nullable Fault versionFault(ClientFrame.Connect connect) {
    boolean shared =
        connect.minProtocol() <= ControlDialect.VERSION
            && connect.maxProtocol() >= ControlDialect.VERSION;
    return shared
        ? null
        : Fault.of(
            Reason.UNSUPPORTED_VERSION,
            "This server speaks protocol " + ControlDialect.VERSION + ".");
  }

  /// @param position null while the tenant's log cannot be read
  static ServerFrame hello(
      Edge edge,
      DialectLimits limits,
      String id,
      String session,
      Principal principal,
      @Nullable Position position) {
    return new ServerFrame.Hello(
        "hello",
        id,
        ControlDialect.VERSION,
        Version.CURRENT,
        edge.node().id(),
        session,
        identity(principal),
        position,
        policy(edge, limits),
        methods(principal),
        Arrays.stream(TopicFamily.values())
            .filter(family -> principal.may(family.scope()))
            .map(TopicFamily::shape)
            .toList());
  }

  private static ServerFrame.Identity identity(Principal principal) {
    return new ServerFrame.Identity(
        principal.tenant(),
        principal.user(),
        principal.roles().stream().map(Role::wireName).sorted().toList(),
        principal.scopes().stream().map(Scope::wireName).sorted().toList(),
        principal.expiresAt());
  }

  private static ServerFrame.Policy policy(Edge edge, DialectLimits limits) {
    return new ServerFrame.Policy(
        limits.softFrameBytes(),
        limits.maxSubscriptions(),
        edge.config().maxQueuedBytes(),
        Calls.maxOpen(),
        edge.config().tickInterval().toMillis(),
        edge.config().pingInterval().toMillis(),
        edge.config().pongTimeout().toMillis());
  }

  private static List<String> methods(Principal principal) {
    return Stream.concat(
            Arrays.stream(SessionMethod.values()).map(SessionMethod::wireName),
            Arrays.stream(CommandKind.values())
                .filter(kind -> principal.may(kind.scope()))
                .map(CommandKind::method))
        .toList();
  }
}

package dev.flotilla.command.work.entity;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.UserId;

/// What people say and do themselves is theirs to change.
public final class Own {
  private Own() {}

  /// Throws AUTHORIZATION_FAILED for everybody else.
  public static void require(UserId owner, CommandContext context) {
    if (!isOwn(owner, context)) {
      throw foreign();
    }
  }

  /// Admins may, too.
  public static void requireOrAdmin(UserId owner, CommandContext context) {
    boolean admin =
        context.principal().roles().stream()
            .anyMatch(role -> role == Role.ADMIN || role == Role.PLATFORM);
    if (!admin && !isOwn(owner, context)) {
      throw foreign();
    }
  }

  private static boolean isOwn(UserId owner, CommandContext context) {
    return owner.equals(context.principal().user());
  }

  private static RuntimeException foreign() {
    return Fault.of(Reason.NOT_OWNER, "This is another user's.").asException();
  }
}

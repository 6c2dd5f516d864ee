package dev.flotilla.command.idempotency;

import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import java.util.List;

/// A client's key, made unique in the fleet, and what it was used for.
///
/// @param key hash of tenant, user and client key: nobody else can meet or probe it
/// @param requestHash the [Fingerprint] of method and params: whether a repetition asks the same
/// @param otherHashes the same with secrets that the fleet had, or will have on all nodes
public record IdempotencyKey(
    String key,
    String clientKey,
    CommandKind kind,
    Principal principal,
    String requestHash,
    List<String> otherHashes) {
  private static final int MAX_LENGTH = 255;

  /// @param command the decoded params: their canonical form, whatever the order and spacing was
  public static IdempotencyKey of(
      CommandRequest request, Command command, Fingerprint fingerprint) {
    String clientKey = request.idempotencyKey();
    if (clientKey == null || clientKey.isBlank()) {
      throw Fault.of(
              Reason.IDEMPOTENCY_KEY_MISSING,
              request.kind().method() + " changes state: send an idempotency key.")
          .asException();
    }
    if (clientKey.length() > MAX_LENGTH || clientKey.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw Fault.invalid(
              "idempotencyKey", "An idempotency key has 1 to 255 printable ASCII characters.")
          .asException();
    }
    Principal principal = request.principal();
    return new IdempotencyKey(
        Ids.sha256(principal.tenant().value(), principal.user().value(), clientKey),
        clientKey,
        request.kind(),
        principal,
        fingerprint.of(request.kind(), command),
        fingerprint.others(request.kind(), command));
  }

  /// Throws CONFLICT where the earlier request was another one.
  void requireSame(String earlierHash) {
    if (!earlierHash.equals(requestHash) && !otherHashes.contains(earlierHash)) {
      throw Fault.of(
              Reason.IDEMPOTENCY_MISMATCH, "The idempotency key was used for another request.")
          .asException();
    }
  }
}

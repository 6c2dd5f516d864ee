package dev.flotilla.command.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.AccessCommand;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Priority;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest {
  private static final Command HELLO = task(Priority.LOW);
  private static final Fingerprint FINGERPRINT =
      new Fingerprint(new Secret("s".repeat(32)), List.of());

  @Test
  void theKeyDependsOnTenantUserAndClientKeyAndFitsItsColumn() {
    String key = key("acme", "alice", "k", HELLO).key();
    assertThat(key).hasSizeLessThanOrEqualTo(128).isEqualTo(key("acme", "alice", "k", HELLO).key());
    assertThat(key)
        .isNotEqualTo(key("acme", "bob", "k", HELLO).key())
        .isNotEqualTo(key("other", "alice", "k", HELLO).key())
        .isNotEqualTo(key("acme", "alice", "k2", HELLO).key())
        .isNotEqualTo(key("acmea", "lice", "k", HELLO).key());
  }

  @Test
  void theRequestHashDependsOnMethodAndParams() {
    IdempotencyKey first = key("acme", "alice", "k", HELLO);
    Command other = task(Priority.HIGH);
    assertThat(first.requestHash()).isNotEqualTo(key("acme", "alice", "k", other).requestHash());
    Command retry = new Command.TaskRetry(new TaskId("t"));
    Command cancel = new Command.TaskCancel(new TaskId("t"), null);
    assertThat(of(CommandKind.TASK_RETRY, "acme", "alice", "k", retry).requestHash())
        .isNotEqualTo(of(CommandKind.TASK_CANCEL, "acme", "alice", "k", cancel).requestHash());
  }

  @Test
  void theRequestHashTellsPasswordsApartAndTheSecretOfTheFleetIsInIt() {
    Command first = user("correct horse");
    String hash = FINGERPRINT.of(CommandKind.USER_CREATE, first);
    assertThat(FINGERPRINT.of(CommandKind.USER_CREATE, user("correct horse"))).isEqualTo(hash);
    assertThat(FINGERPRINT.of(CommandKind.USER_CREATE, user("battery"))).isNotEqualTo(hash);
    Fingerprint others = new Fingerprint(new Secret("o".repeat(32)), List.of());
    assertThat(others.of(CommandKind.USER_CREATE, first)).isNotEqualTo(hash);
  }

  @Test
  void aRepetitionIsTheSameWhileTheSecretOfTheFleetChanges() {
    Secret old = new Secret("s".repeat(32));
    Secret next = new Secret("n".repeat(32));
    String before = FINGERPRINT.of(CommandKind.USER_CREATE, user("correct horse"));
    Fingerprint changed = new Fingerprint(next, List.of(old));
    assertThat(changed.others(CommandKind.USER_CREATE, user("correct horse")))
        .containsExactly(before);
    assertThat(changed.others(CommandKind.USER_CREATE, user("battery"))).doesNotContain(before);
    key("acme", "alice", "k", changed).requireSame(key("acme", "alice", "k", HELLO).requestHash());
  }

  private static IdempotencyKey key(
      String tenant, String user, String key, Fingerprint fingerprint) {
    return IdempotencyKey.of(
        request(CommandKind.TASK_CREATE, tenant, user, key, HELLO), HELLO, fingerprint);
  }

  private static Command user(String password) {
    return new AccessCommand.UserCreate(new UserId("alice"), password, List.of(Role.VIEWER), null);
  }

  @Test
  void aMissingKeyIsRefused() {
    FaultException refused =
        catchThrowableOfType(FaultException.class, () -> key("acme", "alice", null, HELLO));
    assertThat(refused.fault().reason()).isEqualTo(Reason.IDEMPOTENCY_KEY_MISSING);
  }

  @Test
  void aKeyThatIsTooLongIsRefused() {
    String key = "x".repeat(256);
    FaultException refused =
        catchThrowableOfType(FaultException.class, () -> key("acme", "alice", key, HELLO));
    assertThat(refused.fault().field()).isEqualTo("idempotencyKey");
  }

  private static Command task(Priority priority) {
    return Json.read(
        "{\"prompt\":\"hello\",\"priority\":\"" + priority.wireName() + "\"}",
        Command.TaskCreate.class);
  }

  private static IdempotencyKey key(
      String tenant, String user, @Nullable String key, Command command) {
    return of(CommandKind.TASK_CREATE, tenant, user, key, command);
  }

  private static IdempotencyKey of(
      CommandKind kind, String tenant, String user, @Nullable String key, Command command) {
    return IdempotencyKey.of(request(kind, tenant, user, key, command), command, FINGERPRINT);
  }

  private static CommandRequest request(
      CommandKind kind, String tenant, String user, @Nullable String key, Command command) {
    Principal principal =
        new Principal(
            new TenantId(tenant), new UserId(user), Set.of(Role.ADMIN), Set.of(), Instant.EPOCH);
    return new CommandRequest(kind, RawJson.of(command), principal, key, "c");
  }
}

package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.registry.link.ConnectOutcome;
import dev.flotilla.wire.Json;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  private static RpcFailure refusal(String error) {
    return RpcFailure.of(Json.read(error.replace('\'', '"'), JsonNode.class));
  }

  private static Hello hello(String payload) {
    return Hello.of(Json.read(payload.replace('\'', '"'), JsonNode.class));
  }

  private static Redial redial() {
    return new Redial(Duration.ofMillis(250), Duration.ofSeconds(10), new Random(5));
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_REQUEST, AUTH_TOKEN_MISMATCH, REFUSED, REFUSED",
    "NOT_PAIRED, DEVICE_IDENTITY_REQUIRED, REFUSED, REFUSED",
    "NOT_PAIRED, PAIRING_REQUIRED, PAIRING, PAIRING_REQUIRED",
    "INVALID_REQUEST, AUTH_RATE_LIMITED, REFUSED, LOCKED_OUT",
    "INVALID_REQUEST, PROTOCOL_MISMATCH, REFUSED, INCOMPATIBLE",
    "UNAVAILABLE, startup-sidecars, NOT_YET, RESTARTING",
    "UNAVAILABLE, gateway-suspending, NOT_YET, RESTARTING",
    "1002, '', REFUSED, INCOMPATIBLE",
    "1008, '', REFUSED, REFUSED",
    "1012, '', NOT_YET, RESTARTING",
    "1013, '', NOT_YET, RESTARTING",
    "1000, '', UNREACHABLE, UNREACHABLE",
    "1006, '', UNREACHABLE, UNREACHABLE",
    "NEVER_HEARD_OF, '', UNREACHABLE, UNREACHABLE"
  })
  void everyRefusalMeansSomething(
      String code, String detail, ConnectOutcome outcome, LinkStatus status) {
    Verdict verdict = Verdict.of(new RpcFailure(code, detail, "because"));
    assertThat(verdict.outcome()).isEqualTo(outcome);
    assertThat(verdict.status()).isEqualTo(status);
    assertThat(verdict.words()).isNotBlank();
  }

  @Test
  void aPairingNamesTheCommandAndIsTriedAgainSoon() {
    Verdict verdict =
        Verdict.of(
            refusal(
                "{'code':'NOT_PAIRED','message':'x','details':{'code':'PAIRING_REQUIRED',"
                    + "'reason':'scope-upgrade','requestId':'5f0e-8c1a'}}"));
    assertThat(verdict.action()).isEqualTo("openclaw devices approve 5f0e-8c1a");
    assertThat(verdict.words()).contains("openclaw devices approve 5f0e-8c1a").contains("more");
    assertThat(redial().after(verdict)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
  }

  @Test
  void aRequestIdThatIsNoIdNeverGetsIntoACommand() {
    Verdict verdict =
        Verdict.of(
            refusal(
                "{'code':'NOT_PAIRED','details':{'code':'PAIRING_REQUIRED',"
                    + "'requestId':'x; rm -rf /'}}"));
    assertThat(verdict.action()).isEqualTo("openclaw devices approve REQUEST");
    assertThat(verdict.words()).doesNotContain("rm -rf");
  }

  @Test
  void aLockoutIsWaitedForAsLongAsTheInstanceSays() {
    RpcFailure locked =
        refusal(
            "{'code':'INVALID_REQUEST','retryAfterMs':290000,"
                + "'details':{'code':'AUTH_RATE_LIMITED'}}");
    assertThat(redial().after(Verdict.of(locked))).isGreaterThanOrEqualTo(Duration.ofSeconds(290));
    RpcFailure mute = new RpcFailure("INVALID_REQUEST", "AUTH_RATE_LIMITED", "locked");
    assertThat(redial().after(Verdict.of(mute))).isGreaterThanOrEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void anInstanceThatIsStartingIsLeftAloneAsLongAsItWants() {
    RpcFailure starting = refusal("{'code':'UNAVAILABLE','retryAfterMs':5000}");
    assertThat(redial().after(Verdict.of(starting)))
        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
    RpcFailure soon = refusal("{'code':'UNAVAILABLE'}");
    assertThat(redial().after(Verdict.of(soon))).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void aHelloOfAnotherProtocolOrWithoutWhatIsNeededIsIncompatible() {
    assertThat(Verdict.of(hello("{'protocol':5}")).words()).contains("protocol 5");
    Verdict old =
        Verdict.of(
            hello(
                "{'protocol':4,'server':{'version':'2026.5'},"
                    + "'auth':{'scopes':['operator.admin']},"
                    + "'features':{'methods':['agent','chat.abort','chat.history']}}"));
    assertThat(old.status()).isEqualTo(LinkStatus.INCOMPATIBLE);
    assertThat(old.words()).contains("2026.5").contains("tasks.list").doesNotContain("agent,");
  }

  @Test
  void scopesThatAreMissingAreNamedUnlessItMayDoEverything() {
    String hello = "{'protocol':4,'auth':{'scopes':[%s]}}";
    assertThat(Verdict.of(hello(hello.formatted(""))).words()).contains("another host");
    assertThat(Verdict.of(hello(hello.formatted("'operator.read'"))).words())
        .contains("operator.write");
    assertThat(Verdict.of(hello(hello.formatted("'operator.admin'"))).status())
        .isEqualTo(LinkStatus.CONNECTED);
  }

  @ParameterizedTest
  @CsvSource({
    "1012, RESTARTING, true",
    "1013, RESTARTING, true",
    "4001, REFUSED, false",
    "1008, UNREACHABLE, false",
    "1006, UNREACHABLE, false",
    "1000, UNREACHABLE, false"
  })
  void anEndOfAConnectionMeansSomething(String code, LinkStatus status, boolean comesBack) {
    Parting parting = Parting.of(new RpcFailure(code, "", "closed with " + code));
    assertThat(parting.status()).isEqualTo(status);
    assertThat(parting.comesBack()).isEqualTo(comesBack);
    assertThat(parting.words()).contains(code);
  }
}

package dev.flotilla.gateway.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.testkit.Pem;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FittingPairTest {
  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void aKeyAndItsOwnCertificateFitAndThoseOfTwoPairsDoNot(String kind) {
    Pem one = Pem.make(directory, "one", "-1d", 30, kind);
    Pem other = Pem.make(directory, "other", "-1d", 30, kind);
    assertThatCode(() -> FittingPair.require(vertx, pair(one.certificate(), one.key())))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> FittingPair.require(vertx, pair(one.certificate(), other.key())))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("is not that of");
  }

  private static PemKeyCertOptions pair(Path certificate, Path key) {
    return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
  }
}

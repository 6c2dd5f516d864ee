package dev.flotilla.fleet.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.fleet.doctor.Finding.Sound;
import dev.flotilla.fleet.doctor.Finding.Trouble;
import dev.flotilla.fleet.doctor.check.CertificatesCheck;
import dev.flotilla.fleet.doctor.check.PortsCheck;
import dev.flotilla.fleet.doctor.check.SettingsCheck;
import dev.flotilla.testkit.Pem;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the doctor makes of what the files of nodes say.
class FilesOfNodesTest {
  private static final String SECRET = "FLOTILLA_IDENTITY_SECRET";
  private static final String HOST = "FLOTILLA_GATEWAY_HOST";
  private static final Map<String, String> WELL =
      Map.of(
          SECRET,
          "8b1c5d0f93ae27648b1c5d0f93ae2764e0",
          "FLOTILLA_CREDENTIALS_KEY",
          "0123456789abcdef".repeat(4));

  @TempDir Path directory;

  private static NodeFile node(String... settings) {
    Map<String, String> all = new HashMap<>(WELL);
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    all.values().removeIf(String::isEmpty);
    try {
      return new NodeFile(Path.of("node.yaml"), ConfigLoader.load(null, all), List.of());
    } catch (ConfigException wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  private static List<Finding> find(Check check, Survey said, NodeFile... files) {
    try (Patient patient = new Patient(List.of(files), said)) {
      return Doctor.look("files", check, patient);
    }
  }

  private static List<Finding> find(Check check, NodeFile... files) {
    return find(check, new Survey(List.of()), files);
  }

  private static void assertTrouble(Severity severity, String what, List<Finding> findings) {
    assertThat(findings)
        .filteredOn(Trouble.class::isInstance)
        .extracting(Trouble.class::cast)
        .anySatisfy(
            trouble -> {
              assertThat(trouble.severity()).isEqualTo(severity);
              assertThat(trouble.what()).contains(what);
              assertThat(trouble.why()).isNotBlank();
              assertThat(trouble.remedy()).isNotBlank();
            });
  }

  @Test
  void settingsThatAreNotDangerousAreSound() {
    assertThat(find(new SettingsCheck(), node(), node())).singleElement().isInstanceOf(Sound.class);
  }

  @ParameterizedTest
  @CsvSource({
    "FLOTILLA_CREDENTIALS_KEY, '', credentials.key is not set",
    "FLOTILLA_POSTGRES_HOST, 10.0.0.5, postgres.password is empty",
    "FLOTILLA_REDIS_URL, redis://10.0.0.5:6379/0, redis.url has no password",
    "FLOTILLA_GATEWAY_HOST, 10.0.0.4, gateway.publicUrl is not set",
  })
  void aSettingThatIsDangerousIsNamed(String name, String value, String what) {
    assertTrouble(Severity.WARNING, what, find(new SettingsCheck(), node(name, value)));
  }

  @Test
  void settingsThatAreDangerousTogetherAreNamed() {
    assertTrouble(
        Severity.WARNING,
        "gateway.allowedOrigins is '*'",
        find(new SettingsCheck(), node(HOST, "10.0.0.4", "FLOTILLA_GATEWAY_ALLOWED_ORIGINS", "*")));
    assertTrouble(
        Severity.WARNING,
        "gateway.authRequired is false",
        find(
            new SettingsCheck(),
            node("FLOTILLA_GATEWAY_AUTH_REQUIRED", "false", "FLOTILLA_GATEWAY_GUEST_TENANT", "g")));
    assertTrouble(
        Severity.ERROR,
        "different values of identity.secret",
        find(new SettingsCheck(), node(), node(SECRET, "0f93ae27648b1c5d0f93ae2764e08b1c5d")));
    assertTrouble(
        Severity.ERROR,
        "cluster.host is 0.0.0.0",
        find(new SettingsCheck(), node("FLOTILLA_CLUSTER_HOST", "0.0.0.0")));
  }

  private NodeFile withCertificate(Path certificate, Path key) {
    return node(
        "FLOTILLA_HTTP_CERTIFICATE", certificate.toString(), "FLOTILLA_HTTP_KEY", key.toString());
  }

  @Test
  void aCertificateThatEndsSoonIsNamedInTime() throws Exception {
    Pem soon = Pem.make(directory, "soon", "-1d", 15);
    assertTrouble(
        Severity.WARNING,
        "expires in 1",
        find(new CertificatesCheck(), withCertificate(soon.certificate(), soon.key())));
    Path broken = Files.writeString(directory.resolve("broken.crt"), "no certificate");
    assertTrouble(
        Severity.ERROR,
        "cannot be read",
        find(new CertificatesCheck(), withCertificate(broken, soon.key())));
    Pem good = Pem.make(directory, "good", "-1d", 60);
    assertThat(find(new CertificatesCheck(), withCertificate(good.certificate(), good.key())))
        .singleElement()
        .isInstanceOf(Sound.class);
  }

  private static Survey answers(String... nodes) {
    return new Survey(
        Stream.of(nodes)
            .map(
                node ->
                    new Survey.Look("n1", URI.create("http://127.0.0.1:1"), true, node, null, null))
            .toList());
  }

  @Test
  void anotherNodeAtANodesPlaceIsNamed() {
    assertTrouble(
        Severity.ERROR,
        "is node n2, and should be n1",
        find(new PortsCheck(), answers("n2"), node()));
    assertThat(find(new PortsCheck(), answers("n1"), node()))
        .singleElement()
        .isInstanceOf(Sound.class);
  }
}

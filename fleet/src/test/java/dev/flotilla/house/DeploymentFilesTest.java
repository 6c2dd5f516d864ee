package dev.flotilla.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stands under conf/ for production says things that are true of the program.
class DeploymentFilesTest {
  private static final Path CONF = Path.of("..", "conf");
  private static final Pattern SETTING = Pattern.compile("FLOTILLA_[A-Z_]+");

  @TempDir Path secrets;

  private final Map<String, JsonNode> objects = new HashMap<>();

  private void readManifests() throws IOException {
    var documents =
        new YAMLMapper()
            .readerFor(JsonNode.class)
            .<JsonNode>readValues(CONF.resolve("kubernetes/flotilla.yaml").toFile());
    while (documents.hasNext()) {
      JsonNode object = documents.next();
      objects.put(
          object.path("kind").asText() + "/" + object.path("metadata").path("name").asText(),
          object);
    }
  }

  @Test
  void theManifestsAreAConfigurationThatNodesAccept() throws IOException, ConfigException {
    readManifests();
    FleetConfig config = config();
    JsonNode container = container();
    Map<String, Integer> ports = new HashMap<>();
    container
        .path("ports")
        .forEach(port -> ports.put(port.path("name").asText(), port.path("containerPort").asInt()));
    assertThat(ports)
        .containsEntry("http", config.gateway().port())
        .containsEntry("cluster", config.cluster().port())
        .containsEntry("bus", config.cluster().busPort());
    assertThat(config.cluster().discovery()).isEqualTo(FleetConfig.Discovery.KUBERNETES);
    JsonNode headless = object("Service/" + config.cluster().kubernetesService());
    assertThat(headless.path("spec").path("clusterIP").asText()).isEqualTo("None");
    assertThat(headless.path("spec").path("publishNotReadyAddresses").asBoolean()).isTrue();
  }

  @Test
  void theProbesAskWhatIsServed() throws IOException {
    readManifests();
    assertThat(probe("livenessProbe")).isEqualTo("/health/live http");
    assertThat(probe("startupProbe")).isEqualTo("/health/live http");
    assertThat(probe("readinessProbe")).isEqualTo("/health/ready http");
  }

  @Test
  void aPodHasTimeToDrainAndOnlyOneGoesAtATime() throws IOException, ConfigException {
    readManifests();
    JsonNode pod = pod();
    Duration grace = Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").asLong());
    assertThat(grace).isGreaterThan(config().node().drainTimeout());
    JsonNode stop = container().path("lifecycle").path("preStop").path("exec").path("command");
    assertThat(stop.path(0).asText()).isEqualTo("/bin/sh");
    assertThat(Path.of(stop.path(0).asText())).isExecutable();
    assertThat(stop.path(2).asText()).startsWith("kill -TERM 1");
    JsonNode budget = object("PodDisruptionBudget/flotilla").path("spec");
    assertThat(budget.path("maxUnavailable").asInt()).isEqualTo(1);
    assertThat(budget.path("selector")).isEqualTo(set().path("selector"));
  }

  @Test
  void everySelectorMeansThePods() throws IOException {
    readManifests();
    JsonNode labels = set().path("template").path("metadata").path("labels");
    assertThat(set().path("selector").path("matchLabels")).isEqualTo(labels);
    for (String service : List.of("Service/flotilla", "Service/flotilla-cluster")) {
      assertThat(object(service).path("spec").path("selector")).isEqualTo(labels);
    }
  }

  @Test
  void whatTheContainerNeedsIsBuilt() throws IOException {
    List<String> lines = Files.readAllLines(CONF.resolve("container/Containerfile"));
    assertThat(lines).contains("ENTRYPOINT [\"/opt/flotilla/flotilla\"]");
    assertThat(lines).anyMatch(line -> line.startsWith("USER 10001"));
    for (String file : List.of("flotilla", "LICENSE")) {
      assertThat(Path.of("..", file)).exists();
    }
    // The launcher takes a directory with these two for its distribution.
    String launcher = Files.readString(Path.of("..", "flotilla"));
    assertThat(launcher).contains("$here/lib/flotilla.jar", "fleet/target/flotilla");
    assertThat(Path.of("src/dist/conf/node.jvm")).exists();
  }

  @Test
  void theUnitSaysOnlyWhatIsTrue() throws IOException {
    String unit = Files.readString(CONF.resolve("systemd/flotilla.service"));
    assertThat(unit)
        .contains("ExecStart=/opt/flotilla/flotilla node --config")
        .contains("ExecReload=/bin/kill -HUP $MAINPID")
        .contains("LimitNOFILE=");
    Map<String, String> environment = new HashMap<>();
    for (String name :
        new TreeSet<>(SETTING.matcher(unit).results().map(found -> found.group()).toList())) {
      environment.put(name, secret());
    }
    assertThat(environment).isNotEmpty();
    try {
      ConfigLoader.load(null, environment);
    } catch (ConfigException wrong) {
      throw new AssertionError(String.join("; ", wrong.problems()), wrong);
    }
  }

  private FleetConfig config() throws IOException, ConfigException {
    Path file = secrets.resolve("flotilla.yaml");
    Files.writeString(
        file, object("ConfigMap/flotilla").path("data").path("flotilla.yaml").asText());
    Map<String, String> environment = new HashMap<>();
    for (JsonNode variable : container().path("env")) {
      String name = variable.path("name").asText();
      environment.put(name, name.endsWith(ConfigLoader.IN_FILE) ? secret() : "10.1.2.3");
      if (name.endsWith(ConfigLoader.IN_FILE)) {
        String of = Path.of(variable.path("value").asText()).getFileName().toString();
        assertThat(object("Secret/flotilla").path("stringData").has(of)).as(of).isTrue();
      }
    }
    return ConfigLoader.load(file, environment);
  }

  private String secret() throws IOException {
    return Files.writeString(secrets.resolve("secret"), "0123456789abcdef".repeat(4) + "\n")
        .toString();
  }

  private JsonNode object(String name) {
    return objects.getOrDefault(name, MissingNode.getInstance());
  }

  private JsonNode set() {
    return object("StatefulSet/flotilla").path("spec");
  }

  private JsonNode pod() {
    return set().path("template").path("spec");
  }

  private JsonNode container() {
    return pod().path("containers").path(0);
  }

  private String probe(String name) {
    JsonNode get = container().path(name).path("httpGet");
    return get.path("path").asText() + " " + get.path("port").asText();
  }
}

package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/// A real fleet: `./flotilla up` as a process, with its nodes and stores as processes below it.
public final class FleetProcess implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DIST = ROOT.resolve("fleet/target/dist");
  private static final Duration READY_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String READY = "flotilla ready: ";
  private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /// What a command said and how it ended.
  public record Outcome(int code, String out, String err) {}

  private final Path data;
  private final Process process;
  private final Path out;
  private final Path err;
  private List<URI> urls = List.of();

  private FleetProcess(Path data, Process process, Path out, Path err) {
    this.data = data;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// A fresh data directory below `target`, whose logs can be read after a failure.
  static Path kept(String name) throws IOException {
    return Files.createTempDirectory(below(), name + "-");
  }

  private static Path below() throws IOException {
    return Files.createDirectories(Path.of("target", "e2e").toAbsolutePath());
  }

  /// Starts a fleet on free ports and waits until it says that it is ready.
  public static FleetProcess up(Path data, int nodes, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("up", "--nodes", "" + nodes, "--data", data.toString()));
    arguments.addAll(Arrays.asList(more));
    if (!arguments.contains("--port")) {
      arguments.addAll(List.of("--port", "0"));
    }
    PreparedBuild.once(ROOT, DIST);
    FleetProcess fleet = begin(data, arguments);
    fleet.awaitReady();
    return fleet;
  }

  /// Starts any command without waiting.
  static FleetProcess begin(Path data, List<String> arguments) throws IOException {
    Path out = Files.createTempFile(below(), "said", ".out");
    Path err = Files.createTempFile(below(), "said", ".err");
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("flotilla").toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // What the build under test has made, not a build of its own.
    builder.environment().put("FLOTILLA_DIST", DIST.toString());
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    return new FleetProcess(data, process, out, err);
  }

  /// Runs a command to its end.
  public static Outcome run(String... arguments) throws IOException, InterruptedException {
    FleetProcess command = begin(Path.of("."), List.of(arguments));
    if (!command.process.waitFor(READY_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      command.process.descendants().forEach(ProcessHandle::destroyForcibly);
      command.process.destroyForcibly();
      throw new AssertionError("still runs: flotilla " + String.join(" ", arguments));
    }
    return new Outcome(
        command.process.exitValue(), Files.readString(command.out), Files.readString(command.err));
  }

  private void awaitReady() throws IOException {
    try {
      await()
          .atMost(READY_LIMIT)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !process.isAlive() || Files.readString(out).contains(READY));
    } catch (ConditionTimeoutException late) {
      throw notReady(late);
    }
    String line = Files.readString(out).lines().findFirst().orElse("");
    if (!line.startsWith(READY)) {
      throw notReady(null);
    }
    urls = Stream.of(line.substring(READY.length()).split(" ", -1)).map(URI::create).toList();
  }

  private AssertionError notReady(@Nullable Throwable cause) throws IOException {
    String said = Files.readString(err);
    close();
    return new AssertionError("the fleet is not ready: " + said, cause);
  }

  /// What it has printed.
  public String standardOut() throws IOException {
    return Files.readString(out);
  }

  public Path data() {
    return data;
  }

  /// URL of each node: n1 first.
  public List<URI> urls() {
    return urls;
  }

  public URI url(int node) {
    return urls.get(node - 1);
  }

  public String standardError() throws IOException {
    return Files.readString(err);
  }

  /// A token of this fleet.
  public String token(String tenant, String user, String role)
      throws IOException, InterruptedException {
    Outcome outcome =
        run("token", "--tenant", tenant, "--user", user, "--role", role, "--data", data.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome.out().strip();
  }

  /// The process of a node, by its pid file.
  public ProcessHandle node(int node) throws IOException {
    String pid = Files.readString(data.resolve("run").resolve("n" + node + ".pid")).strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /// `kill -9`.
  public void kill(int node) throws IOException, InterruptedException {
    signal("KILL", node(node));
  }

  /// SIGTERM: the node drains, and is started again by its supervisor.
  public void terminate(int node) throws IOException {
    node(node).destroy();
  }

  public void freeze(int node) throws IOException, InterruptedException {
    signal("STOP", node(node));
  }

  public void thaw(int node) throws IOException, InterruptedException {
    signal("CONT", node(node));
  }

  /// `kill -9` of the supervisor alone.
  public void killSupervisor() throws IOException, InterruptedException {
    signal("KILL", process.toHandle());
    process.waitFor();
  }

  private static void signal(String name, ProcessHandle target)
      throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(target.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /// Every process that belongs to the data directory: supervisor, nodes, servers.
  public List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(
            candidate ->
                candidate
                    .info()
                    .arguments()
                    .map(all -> String.join(" ", all).contains(data.toString()))
                    .orElse(false))
        .filter(candidate -> candidate.pid() != ProcessHandle.current().pid())
        .toList();
  }

  /// SIGTERM, and what the fleet promises of it: exit code 0, no process left.
  public void stop() throws InterruptedException {
    List<ProcessHandle> all = new ArrayList<>(processes());
    process.toHandle().destroy();
    assertThat(process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    // What has ended shows no command, even where its parent takes its time to notice.
    assertThat(all)
        .filteredOn(ProcessHandle::isAlive)
        .noneMatch(left -> left.info().command().isPresent());
    assertThat(processes()).isEmpty();
  }

  public HttpResponse<String> get(int node, String path) throws IOException, InterruptedException {
    return get(node, path, Map.of());
  }

  public HttpResponse<String> get(int node, String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url(node).resolve(path)).timeout(PATIENCE);
    headers.forEach(request::header);
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  public boolean isReady(int node) {
    try {
      return get(node, "/health/ready").statusCode() == 200;
    } catch (IOException unreachable) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// The value of a meter without tags, or 0.
  public double meter(int node, String name) throws IOException, InterruptedException {
    Optional<String> line =
        get(node, "/metrics").body().lines().filter(l -> l.startsWith(name + " ")).findFirst();
    return line.map(l -> Double.parseDouble(l.substring(name.length() + 1))).orElse(0.0);
  }

  /// Ends what is left, whatever state it is in.
  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(processes());
    process.toHandle().destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    all.addAll(processes());
    all.forEach(ProcessHandle::destroyForcibly);
  }
}

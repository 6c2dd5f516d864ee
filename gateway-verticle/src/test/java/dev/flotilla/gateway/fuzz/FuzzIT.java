package dev.flotilla.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Result.AgentPage;
import dev.flotilla.contract.Result.ThreadHistory;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.CommandNode;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.gateway.fixture.ScriptedThread;
import dev.flotilla.gateway.fixture.Zip;
import dev.flotilla.gateway.session.CloseReason;
import dev.flotilla.testkit.Patience;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a client sends, in whatever order: a request that is good is answered once, a session
/// that ends has a reason, no bug comes to light, and nobody else notices.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzIT {
  /// One row for each dialect.
  private static final List<Target> TARGETS =
      List.of(new ControlTarget(), new ChatTarget(), new WorkTarget());

  private static final int SEQUENCES = 60;
  private static final int COMPRESSED = 4;
  private static final Duration LONG = Patience.LIMIT;

  /// While looking for fewer steps, each try that fails again takes so long.
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Set<Integer> CODES = new HashSet<>(Set.of(1002, 1009));

  static {
    Arrays.stream(CloseReason.values()).forEach(reason -> CODES.add(reason.code()));
  }

  private final Gateways gateways =
      Gateways.start(
          Map.of(
              "FLOTILLA_GATEWAY_COMPRESSION", "on",
              "FLOTILLA_DIALECTS_CONTROL_CONNECTION_RATE", "0",
              "FLOTILLA_DIALECTS_CHAT_CONNECTION_RATE", "0",
              "FLOTILLA_DIALECTS_CHAT_USER_RATE", "0",
              "FLOTILLA_DIALECTS_CHAT_TENANT_RATE", "0",
              "FLOTILLA_DIALECTS_WORK_CONNECTION_RATE", "0",
              "FLOTILLA_DIALECTS_WORK_USER_RATE", "0",
              "FLOTILLA_DIALECTS_WORK_TENANT_RATE", "0"));
  private final List<Client> bystanders = new ArrayList<>();

  /// What the chat dialect reads of answers; the others hand them on as they are.
  @BeforeAll
  void script() {
    CommandNode commands = gateways.commands();
    commands.answer(CommandKind.THREAD_HISTORY, FuzzIT::emptyThread);
    commands.answer(
        CommandKind.AGENT_LIST, _ -> Future.succeededFuture(RawJson.of(new AgentPage(List.of()))));
    RawJson task = RawJson.of(ScriptedThread.task("a"));
    commands.answer(CommandKind.TASK_CREATE, _ -> Future.succeededFuture(task));
    commands.answer(CommandKind.THREAD_ABORT, _ -> Future.succeededFuture(task));
  }

  private static Future<RawJson> emptyThread(CommandRequest request) {
    String thread = String.valueOf(new JsonObject(request.params().text()).getValue("thread"));
    return Future.succeededFuture(
        RawJson.of(new ThreadHistory(thread, List.of(), null, null, null)));
  }

  @BeforeAll
  void openBystanders() {
    // More than there are loops.
    for (int i = 0; i < 4; i++) {
      Client bystander = gateways.connected(Gateways.ACME);
      bystander.subscribe("tasks");
      bystanders.add(bystander);
    }
  }

  @AfterAll
  void stop() {
    gateways.close();
  }

  static Stream<Arguments> runs() {
    return TARGETS.stream()
        .flatMap(
            target -> LongStream.rangeClosed(1, 4).mapToObj(seed -> Arguments.of(target, seed)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void noSequenceOfFramesBreaksAnything(Target target, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < SEQUENCES; i++) {
      List<Step> steps = Step.sequence(target, random);
      boolean compresses = random.nextBoolean();
      String wrong = run(target, steps, compresses, LONG);
      if (wrong != null) {
        List<Step> few = fewer(target, steps, compresses);
        assertThat(run(target, few, compresses, LONG))
            .as("seed %d, sequence %d, compressing %s: %s", seed, i, compresses, few)
            .isNull();
        throw new AssertionError("only once, seed " + seed + ", sequence " + i + ": " + wrong);
      }
      if (i % 5 == 0) {
        nobodyElseNotices();
      }
    }
    nobodyElseNotices();
  }

  /// The same failure from fewer steps, for whoever has to find it.
  private List<Step> fewer(Target target, List<Step> steps, boolean compresses) {
    List<Step> few = new ArrayList<>(steps);
    for (int i = few.size() - 1; i >= 0; i--) {
      Step without = few.remove(i);
      if (run(target, few, compresses, SHORT) == null) {
        few.add(i, without);
      }
    }
    return few;
  }

  /// Null where all is well.
  private @Nullable String run(
      Target target, List<Step> steps, boolean compresses, Duration patience) {
    String header =
        compresses ? "Sec-WebSocket-Extensions: permessage-deflate" : "X-Extensions: none";
    try (RawSocket raw = target.open(gateways, header).patience(patience)) {
      Set<String> expected = new HashSet<>();
      for (Step step : steps) {
        if (step.expects() != null) {
          expected.add(step.expects());
        }
        if (!wrote(raw, step.bytes().getBytes())) {
          break;
        }
        if (step.end()) {
          return null;
        }
      }
      Target.Message probe = target.probe(steps.size());
      expected.add(String.valueOf(probe.id()));
      wrote(raw, RawSocket.frame(target.binary() ? 2 : 1, true, probe.bytes().getBytes()));
      return listen(target, raw, expected);
    }
  }

  /// The server may have hung up; what it said before is still there to be read.
  private static boolean wrote(RawSocket raw, byte[] bytes) {
    try {
      raw.write(bytes);
      return true;
    } catch (UncheckedIOException gone) {
      return false;
    }
  }

  private static @Nullable String listen(Target target, RawSocket raw, Set<String> expected) {
    Map<String, Integer> answers = new HashMap<>();
    while (!answers.keySet().containsAll(expected)) {
      RawSocket.Frame frame;
      try {
        frame = raw.read();
      } catch (UncheckedIOException gone) {
        Set<String> missing = new HashSet<>(expected);
        missing.removeAll(answers.keySet());
        return "no answer to " + missing + " and no goodbye: " + gone.getMessage();
      }
      if (frame.opcode() == RawSocket.CLOSE) {
        return CODES.contains(frame.closeCode()) || raw.ended() ? null : "closed: " + frame;
      }
      if (frame.opcode() == RawSocket.TEXT || frame.opcode() == RawSocket.BINARY) {
        byte[] payload = frame.payload().getBytes();
        byte[] message = frame.reserved() == COMPRESSED ? Zip.inflate(payload) : payload;
        if (target.admitsABug(message)) {
          return "a bug: " + frame.text();
        }
        String id = target.answered(message);
        if (id != null && answers.merge(id, 1, Integer::sum) > 1 && expected.contains(id)) {
          return "answered twice: " + id;
        }
      }
    }
    return null;
  }

  private void nobodyElseNotices() {
    Long seq = gateways.record(Gateways.ACME, "seen-by-all", 1).events().getFirst().seq();
    for (Client bystander : bystanders) {
      assertThat(bystander.seqs(1)).isEqualTo(Collections.singletonList(seq));
      assertThat(bystander.call("ping", new JsonObject()).getBoolean("ok")).isTrue();
    }
  }
}

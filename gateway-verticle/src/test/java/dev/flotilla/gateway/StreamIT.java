package dev.flotilla.gateway;

import static java.util.stream.LongStream.rangeClosed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.EventStream;
import dev.flotilla.gateway.fixture.EventStream.Block;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
import dev.flotilla.gateway.fixture.PostgresProxy;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventBatch;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamIT {
  private static final String TASKS = "/api/v1/stream?topics=tasks";

  private final Gateways gateways =
      Gateways.start(
          Map.of(
              "FLOTILLA_GATEWAY_PING_INTERVAL", "200ms",
              "FLOTILLA_GATEWAY_TICK_INTERVAL", "300ms"));

  private TenantId acme;

  @BeforeEach
  void begin() {
    acme = gateways.tenant("acme");
  }

  @AfterAll
  void stop() {
    gateways.close();
  }

  private EventStream open(String path) {
    return EventStream.withToken(gateways.port(), path, gateways.token(acme));
  }

  private EventStream resume(String path, String lastId) {
    return EventStream.open(
        gateways.port(),
        path,
        Map.of("Authorization", "Bearer " + gateways.token(acme), "Last-Event-ID", lastId));
  }

  /// A stream that has begun: what happens from now on is on it.
  private EventStream begun(String path) {
    EventStream stream = open(path);
    stream.await(block -> block.id() != null);
    return stream;
  }

  @Test
  void theAnswerIsAnEventStreamUnderBothPrefixes() {
    for (String prefix : List.of("/api", "/api/v1")) {
      try (EventStream stream = open(prefix + "/stream?topics=tasks")) {
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(stream.header("Cache-Control")).isEqualTo("no-store");
        assertThat(stream.header("Connection")).isEqualTo("close");
        assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(stream.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(stream.header("Transfer-Encoding")).isNull();
        assertThat(stream.header("Content-Length")).isNull();
        assertThat(stream.next().retry()).isEqualTo("2000");
        assertThat(stream.await(block -> block.comment() == null).id()).matches("[0-9a-f]+:\\d+");
      }
    }
  }

  @Test
  void anEventIsWhatTheControlDialectSaysOfIt() {
    Client control = gateways.connected(acme);
    control.subscribe("tasks");
    try (EventStream stream = begun(TASKS)) {
      EventBatch batch = gateways.record(acme, "equal", 1);
      Block block = stream.awaitEvent("task");
      assertThat(block.json()).isEqualTo(control.awaitEvent("task"));
      assertThat(block.json().getString("type")).isEqualTo("event");
      assertThat(block.id()).isEqualTo(batch.epoch() + ":" + block.json().getLong("seq"));
    }
  }

  @Test
  void anEphemeralEventDoesNotMoveTheClientOn() {
    try (EventStream stream = begun(TASKS)) {
      gateways.ephemeral(acme, "t-1", "a\nb");
      Block block = stream.awaitEvent("task");
      assertThat(block.id()).isNull();
      assertThat(block.json().getJsonObject("payload").getString("text")).isEqualTo("a\nb");
    }
  }

  @Test
  void onlyTheTopicsThatWereAskedForAreOnIt() {
    try (EventStream stream = begun("/api/stream?topics=task:mine,instances&topics=task:our*")) {
      gateways.record(gateways.tenant("globex"), "mine", 1);
      gateways.record(acme, "theirs", 1);
      gateways.record(acme, "ours", 1);
      gateways.record(acme, "mine", 1);
      gateways.instanceChanged(acme, "i-1");
      assertThat(stream.awaitEvent("task").json().getJsonArray("topics")).contains("task:ours");
      assertThat(stream.awaitEvent("task").json().getJsonArray("topics")).contains("task:mine");
      assertThat(stream.await(block -> block.event() != null).event()).isEqualTo("instance");
    }
  }

  @Test
  void aClientGoesOnWhereItWasWithoutAGap() {
    long first;
    String seen;
    try (EventStream stream = begun(TASKS)) {
      first = first(gateways.record(acme, "resume", 3));
      assertThat(stream.seqs(3)).isEqualTo(seqs(first, first + 2));
      seen = stream.lastId();
    }
    gateways.record(acme, "resume", 4);
    try (EventStream stream = resume(TASKS, seen)) {
      assertThat(stream.seqs(4)).isEqualTo(seqs(first + 3, first + 6));
      gateways.record(acme, "resume", 2);
      assertThat(stream.seqs(2)).isEqualTo(seqs(first + 7, first + 8));
    }
  }

  @Test
  void theAddressMayNameThePositionButWhatTheBrowserSawLastWins() {
    EventBatch batch = gateways.record(acme, "since", 3);
    long first = first(batch);
    String since = TASKS + "&since=" + batch.epoch() + ":" + first;
    try (EventStream stream = open(since)) {
      assertThat(stream.seqs(2)).isEqualTo(seqs(first + 1, first + 2));
    }
    try (EventStream stream = resume(since, batch.epoch() + ":" + (first + 1))) {
      assertThat(stream.seqs(1)).isEqualTo(seqs(first + 2, first + 2));
    }
  }

  @Test
  void aQuietTopicMovesTheClientOn() {
    try (EventStream stream = begun("/api/v1/stream?topics=task:quiet")) {
      EventBatch batch = gateways.record(acme, "loud", 5);
      String end = batch.epoch() + ":" + batch.events().getLast().seq();
      Block block = stream.await(next -> end.equals(next.id()));
      assertThat(block.event()).isNull();
    }
  }

  @Test
  void aPositionThatTheLogDoesNotHaveIsAGap() {
    gateways.record(acme, "gap", 1);
    try (EventStream stream = resume(TASKS, "anotherlog:7")) {
      Block gap = stream.await(block -> block.event() != null || block.id() != null);
      assertThat(gap.event()).isEqualTo("gap");
      JsonObject payload = gap.json().getJsonObject("payload");
      assertThat(payload.getString("reason")).isEqualTo("epoch_changed");
      JsonObject position = payload.getJsonObject("position");
      assertThat(gap.id()).isEqualTo(position.getString("epoch") + ":" + position.getLong("seq"));
      EventBatch next = gateways.record(acme, "gap", 1);
      assertThat(stream.seqs(1)).containsExactly(next.events().getFirst().seq());
    }
  }

  @Test
  void commentsSayThatTheStreamIsAlive() {
    try (Gateways own =
            Gateways.start(
                Map.of(
                    "FLOTILLA_GATEWAY_PING_INTERVAL", "200ms",
                    "FLOTILLA_GATEWAY_PONG_TIMEOUT", "1s"));
        EventStream stream = EventStream.withToken(own.port(), TASKS, own.token(Gateways.ACME))) {
      // More of them than fit into what silence is allowed to a socket.
      for (int i = 0; i < 8; i++) {
        assertThat(stream.await(block -> block.comment() != null).comment()).isEqualTo("ping");
      }
    }
  }

  @Test
  void whatCannotBeHadIsAProblem() {
    assertProblem(open("/api/v1/stream"), 400, "INVALID_FIELD");
    assertProblem(open("/api/v1/stream?topics=,"), 400, "INVALID_FIELD");
    assertProblem(open("/api/v1/stream?topics=nonsense"), 400, "UNKNOWN_SUBSCRIPTION");
    assertProblem(open("/api/v1/stream?topics=%zz"), 400, "INVALID_FIELD");
    assertProblem(open(TASKS + "&since=7"), 400, "INVALID_FIELD");
    assertProblem(open(TASKS + "&since=e:99999999999999999999"), 400, "INVALID_FIELD");
    assertProblem(resume(TASKS, "7"), 400, "INVALID_FIELD");
    String narrow = gateways.narrowToken(acme, "instances.read");
    assertProblem(EventStream.withToken(gateways.port(), TASKS, narrow), 403, "MISSING_SCOPE");
    assertProblem(EventStream.withToken(gateways.port(), TASKS, "bad"), 401, "TOKEN_INVALID");
    assertProblem(EventStream.open(gateways.port(), TASKS, Map.of()), 401, "TOKEN_MISSING");
    StringBuilder many = new StringBuilder("/api/v1/stream?topics=task:0");
    for (int i = 1; i <= 200; i++) {
      many.append(",task:").append(i);
    }
    assertProblem(open(many.toString()), 400, "SUBSCRIPTION_LIMIT");
    assertThat(Http.post(gateways.port(), "/api/v1/stream", Map.of(), "").statusCode())
        .isEqualTo(405);
  }

  @Test
  void aBrowserMayBringATicketOrACookie() {
    String token = gateways.token(acme);
    String own = "http://127.0.0.1:" + gateways.port();
    String byTicket = TASKS + "&ticket=" + Http.ticket(gateways.port(), token);
    assertThat(stream(byTicket, Map.of()).status()).isEqualTo(200);
    assertProblem(stream(byTicket, Map.of()), 401, "TICKET_INVALID");
    String cookie = "flotilla_session=" + token;
    EventStream ours = stream(TASKS, Map.of("Cookie", cookie, "Origin", own));
    assertThat(ours.status()).isEqualTo(200);
    assertThat(ours.header("Access-Control-Allow-Origin")).isEqualTo(own);
    assertThat(ours.header("Access-Control-Allow-Credentials")).isEqualTo("true");
    assertThat(stream(TASKS, Map.of("Cookie", cookie)).status()).isEqualTo(200);
    assertProblem(
        stream(TASKS, Map.of("Cookie", cookie, "Sec-Fetch-Site", "cross-site")),
        403,
        "ORIGIN_NOT_ALLOWED");
    EventStream foreign = stream(TASKS, Map.of("Cookie", cookie, "Origin", "https://evil.example"));
    assertThat(foreign.header("Access-Control-Allow-Origin")).isNull();
    assertProblem(foreign, 403, "ORIGIN_NOT_ALLOWED");
  }

  private EventStream stream(String path, Map<String, String> headers) {
    return EventStream.open(gateways.port(), path, headers);
  }

  @Test
  void aProxyThatSpeaksHttp10GetsTheSame() {
    Map<String, String> bearer = Map.of("Authorization", "Bearer " + gateways.token(acme));
    try (EventStream stream = EventStream.open(gateways.port(), TASKS, "HTTP/1.0", bearer)) {
      assertThat(stream.status()).isEqualTo(200);
      stream.await(block -> block.id() != null);
      long seq = first(gateways.record(acme, "old", 1));
      assertThat(stream.seqs(1)).containsExactly(seq);
    }
  }

  @Test
  void aStreamEndsWithItsTokenAndSaysSo() {
    try (EventStream stream = gateways.briefly(acme, this::accepted)) {
      JsonObject error = stream.awaitEvent("error").json();
      assertThat(error.getJsonObject("error").getString("reason")).isEqualTo("TOKEN_EXPIRED");
      assertThat(stream.nextOrEnd()).isNull();
    }
  }

  private EventStream accepted(String token) {
    EventStream stream = EventStream.withToken(gateways.port(), TASKS, token);
    assertThat(stream.status()).isEqualTo(200);
    return stream;
  }

  @Test
  void patternsThatMatchTooMuchAreDroppedWithAnError() {
    try (Gateways own = Gateways.start(Map.of("FLOTILLA_GATEWAY_MAX_PATTERN_MATCHES", "2"));
        EventStream stream =
            EventStream.withToken(
                own.port(), "/api/v1/stream?topics=task:*,instances", own.token(Gateways.ACME))) {
      stream.await(block -> block.id() != null);
      own.record(Gateways.ACME, "a", 1);
      own.record(Gateways.ACME, "b", 1);
      own.record(Gateways.ACME, "c", 1);
      assertThat(stream.awaitEvent("error").json().getJsonObject("error").getString("reason"))
          .isEqualTo("SUBSCRIPTION_LIMIT");
      own.instanceChanged(Gateways.ACME, "i-1");
      stream.awaitEvent("instance");
    }
  }

  @Test
  void aNodeThatStopsSaysWhenToComeBackAndEndsTheStream() {
    try (Gateways own = Gateways.start(Map.of("FLOTILLA_GATEWAY_MOVE_PAUSE", "50ms"));
        EventStream stream = EventStream.withToken(own.port(), TASKS, own.token(Gateways.ACME))) {
      stream.await(block -> block.id() != null);
      Future<Void> stopped = own.vertx().undeploy(own.first().deployment());
      long retryAfterMs =
          stream.awaitEvent("drain").json().getJsonObject("payload").getLong("retryAfterMs");
      Block retry = stream.await(block -> block.retry() != null);
      assertThat(retry.retry()).isEqualTo(Long.toString(retryAfterMs));
      assertThat(stream.nextOrEnd()).isNull();
      stopped.await();
    }
  }

  @Test
  void aStreamThatIsOpenedWhileTheNodeStopsIsRefused() {
    try (Gateways own = Gateways.start()) {
      own.whileStopping(
          () ->
              assertProblem(
                  EventStream.withToken(own.port(), TASKS, own.token(Gateways.ACME)),
                  503,
                  "DRAINING"));
    }
  }

  @Test
  void whileTheLogIsAwayAStreamIsRefusedAndTheClientComesBack() {
    try (Gateways store = Gateways.start()) {
      PostgresProxy proxy = new PostgresProxy(store.vertx(), store.config().postgres().port());
      try (Gateways own =
          Gateways.start(Map.of("FLOTILLA_POSTGRES_PORT", Integer.toString(proxy.port())))) {
        proxy.cut();
        EventStream refused = EventStream.withToken(own.port(), TASKS, own.token(Gateways.ACME));
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertProblem(refused, 503, "UNAVAILABLE");
      }
    }
  }

  @Test
  void whoLeavesIsForgottenAndEverythingIsCounted() {
    try (Gateways own = Gateways.start()) {
      EventStream stream = EventStream.withToken(own.port(), TASKS, own.token(Gateways.ACME));
      stream.await(block -> block.id() != null);
      own.record(Gateways.ACME, "count", 2);
      stream.seqs(2);
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(own.meters().scrape())
                      .contains("flotilla_sessions{dialect=\"stream\"} 1.0")
                      .contains("connections_total{dialect=\"stream\"} 1.0")
                      .contains("auth_success_total{via=\"rest\"} 1.0")
                      .contains(
                          "flotilla_events_delivered_total{class=\"durable\",dialect=\"stream\"}"
                              + " 2.0"));
      stream.close();
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(own.meters().scrape())
                      .contains("flotilla_sessions{dialect=\"stream\"} 0.0")
                      .contains("disconnections_total{code=\"peer\",reason=\"peer\"} 1.0"));
    }
  }

  @Test
  void aRefusedStreamIsForgottenToo() {
    try (Gateways own = Gateways.start()) {
      assertProblem(
          EventStream.withToken(own.port(), "/api/stream?topics=x", own.token(Gateways.ACME)),
          400,
          "UNKNOWN_SUBSCRIPTION");
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(own.meters().scrape())
                      .contains("flotilla_sessions{dialect=\"stream\"} 0.0")
                      .contains("disconnections_total{code=\"4400\",reason=\"bad_connect\"} 1.0"));
    }
  }

  @Test
  void aRequestBehindAStreamIsNotAnswered() {
    try (RawSocket raw = new RawSocket(gateways.port())) {
      String head = "Host: x\r\nAuthorization: Bearer " + gateways.token(acme) + "\r\n\r\n";
      raw.write(
          ("GET " + TASKS + " HTTP/1.1\r\n" + head + "GET /health/live HTTP/1.1\r\n" + head)
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.readHead()).contains("text/event-stream");
      // Heads end like blocks do.
      for (int i = 0; i < 6; i++) {
        assertThat(raw.readBlock()).doesNotContain("HTTP");
      }
    }
  }

  private static long first(EventBatch batch) {
    return Objects.requireNonNull(batch.events().getFirst().seq());
  }

  private static List<Long> seqs(long from, long to) {
    return rangeClosed(from, to).boxed().toList();
  }

  private static void assertProblem(EventStream answer, int status, String reason) {
    try (answer) {
      assertThat(answer.status()).as(reason).isEqualTo(status);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(answer.problem().getString("reason")).isEqualTo(reason);
    }
  }
}

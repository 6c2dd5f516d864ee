package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLogIT {
  private static final class Tape extends AppenderBase<ILoggingEvent> {
    final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      events.add(event);
    }
  }

  @Test
  void eachRequestIsOneLineWithoutWhatIsSecret() {
    Tape tape = new Tape();
    tape.start();
    Logger access = (Logger) LoggerFactory.getLogger("access");
    access.setLevel(Level.INFO);
    access.addAppender(tape);
    try (Gateways gateways = Gateways.start(Map.of("FLOTILLA_TELEMETRY_ACCESS_LOG", "true"))) {
      Http.get(
          gateways.port(),
          "/no-such-path?ticket=hush",
          Map.of("X-Correlation-Id", "told-1", "Authorization", "Bearer hush"));
      await().until(() -> !tape.events.isEmpty());
      ILoggingEvent line = tape.events.getFirst();
      assertThat(line.getFormattedMessage()).isEqualTo("/no-such-path");
      assertThat(line.getKeyValuePairs())
          .extracting(pair -> pair.key + "=" + pair.value)
          .contains("correlation_id=told-1", "method=GET", "status=404", "address=127.0.0.1")
          .noneMatch(pair -> pair.contains("hush"));
    } finally {
      access.detachAppender(tape);
    }
  }
}

package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Survey;
import dev.flotilla.identity.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Whether a session of each dialect begins, on each node that takes sessions.
public record DialectsCheck() implements Check {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Override
  public void examine(Patient patient, Findings found) {
    int greeted = 0;
    for (Survey.Look look : patient.survey().looks()) {
      if (look.node() == null || !look.gateway()) {
        continue;
      }
      for (Greeting greeting : Greeting.values()) {
        try {
          greet(patient, look, greeting).await();
          greeted++;
        } catch (Exception failure) {
          found.error(
              "no session of the dialect "
                  + greeting.dialect
                  + " begins on node "
                  + look.node()
                  + " at "
                  + greeting.path
                  + ": "
                  + StartFailure.reason(failure),
              "its clients cannot connect there.",
              "look for `refused` in the node's log; is identity.secret the node's own?");
        }
      }
    }
    if (greeted == 0) {
      found.elseUnknown("no node takes sessions");
    }
    found.elseSound(greeted + " sessions began and ended");
  }

  private static Future<Void> greet(Patient patient, Survey.Look look, Greeting greeting) {
    TenantId tenant = new TenantId(patient.config().accounts().defaultTenant());
    Promise<Void> answered = Promise.promise();
    ClientWebSocket socket = patient.http().sockets().webSocket();
    Handler<Buffer> ears =
        heard -> {
          if (greeting.isAnsweredBy(heard)) {
            answered.tryComplete();
          }
        };
    socket.binaryMessageHandler(ears);
    socket.textMessageHandler(text -> ears.handle(Buffer.buffer(text)));
    socket.closeHandler(_ -> answered.tryFail("it was closed with " + socket.closeStatusCode()));
    return socket
        .connect(patient.http().socket(look.url(), greeting.path, tenant))
        .compose(
            open -> {
              greeting.say(open, patient.http().token(tenant));
              return answered.future();
            })
        .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .eventually(() -> socket.close().otherwiseEmpty());
  }
}
